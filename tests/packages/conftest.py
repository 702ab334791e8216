"""A package that a test may change."""

from typing import Any

import pytest


@pytest.fixture
def raw() -> dict[str, Any]:
    """A small package as a TOML file or a form would give it."""
    return {
        "code": "debts_and_no_work",
        "name": {"en": "Debts and no work", "ru": "Долги и нет работы"},
        "paper_name": {"en": "Plan of help: work and money"},
        "description": {"en": "Out of work, behind with payments."},
        "profile": {"fin.consumer_debt": 1, "emp.unemployed": 0.5, "fam.childcare": 0.25},
        "circumstances": {"required": [], "optional": ["single_parent"], "excluded": [], "reason": {}},
        "crisis": {"service_types": ["crisis_line"], "text": {"en": "Ask directly, stay, call together"}},
        "standard": {"closure": {"en": "Three payments in a row"}},
        "lines": [
            {
                "key": "debts",
                "need": "fin.consumer_debt",
                "service_type": "debt_advice",
                "goal": {"en": "Debts are on a plan that can be paid", "ru": "Долги сведены в план"},
                "addresses": {"fin.consumer_debt": 1.0, "fin.enforcement": 0.5},
                "after": [],
                "start_day": 0,
                "weight": 1.0,
                "required": True,
                "duration": "long",
            },
            {
                "key": "job",
                "need": "emp.unemployed",
                "service_type": "job_search_support",
                "goal": {"en": "A job that lasts"},
                "addresses": {"emp.unemployed": 1},
                "after": ["debts"],
                "start_day": 14,
            },
        ],
    }
