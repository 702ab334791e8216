"""Settings come from the environment, and the documentation names every one."""

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from netmap.config import Settings, describe
from netmap.errors import Invalid

ROOT = Path(__file__).resolve().parents[1]


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    found = Settings.from_environment(
        {
            "NETMAP_DATA_DIR": str(tmp_path),
            "NETMAP_PORT": "9000",
            "NETMAP_PUBLIC_DIRECTORY": "yes",
            "NETMAP_MAX_KM": "12.5",
        }
    )
    assert (found.data_dir, found.port, found.public_directory, found.max_km) == (tmp_path, 9000, True, 12.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NETMAP_PORT", "many"),
        ("NETMAP_PUBLIC_DIRECTORY", "perhaps"),
        ("NETMAP_LANGUAGE", "xx"),
        ("NETMAP_TIMEZONE", "Mars/X"),
        ("NETMAP_PROXIES", "-1"),
        ("NETMAP_MAX_KM", "nan"),
        ("NETMAP_CIRCUITY", "inf"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        Settings.from_environment({name: value})


def test_a_short_secret_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="NETMAP_SECRET_KEY"):
        Settings(data_dir=tmp_path, secret_key="short").key()


def test_the_secret_key_is_made_once_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    assert settings.key() == settings.key()
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"cut off", b"\xff" * 10])
@pytest.mark.parametrize("production", [False, True])
def test_a_key_file_without_a_whole_key_is_refused(tmp_path: Path, content: bytes, production: bool) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(Invalid, match="no whole key"):
        Settings(data_dir=tmp_path, production=production).key()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no file that is always full")
def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, really = Settings(data_dir=tmp_path), os.open

    def opened(path: Path, flags: int, mode: int) -> int:
        path.write_bytes(b"")
        return really("/dev/full", os.O_WRONLY)

    monkeypatch.setattr("netmap.config.os.open", opened)
    with pytest.raises(OSError, match="No space"):
        settings.key()
    assert not settings.key_file().exists()


def test_the_documentation_names_every_setting() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name, _default, _help in describe() if name not in text] == []


def commands(group: click.Group, before: str = "netmap") -> Iterator[str]:
    """Give every command as it is typed, those within groups too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        elif not command.hidden:  # the question after `netmap search` is typed without a name
            yield f"{before} {name}"


def test_the_documentation_names_every_command_and_option() -> None:
    from netmap.cli.office import netmap

    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in commands(netmap) if f"`{name}" not in text] == []
    options = {
        option
        for command in every(netmap)
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert [
        option for option in sorted(options) if f"`{option}" not in text and f" {option}" not in text
    ] == []


def every(group: click.Group) -> Iterator[click.Command]:
    """Give every command of a group and of the groups within."""
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from every(command)
