"""Settings come from the environment, and the documentation names every one."""

from pathlib import Path

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


def test_the_documentation_names_every_setting() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name, _default, _help in describe() if name not in text] == []


def test_the_documentation_names_every_command() -> None:
    from netmap.cli.office import netmap

    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in netmap.commands if f"`netmap {name}" not in text] == []
