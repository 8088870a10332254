"""Who gave an order is proven by a key, for one log, and for a short time."""

import pytest

from streams.messages.orders import encode
from streams.models.order_signatures import (
    LATEST_MS,
    NotProvenError,
    Operators,
    OrderLog,
    belated,
    sign,
)
from streams.models.signing import new_keys
from streams.settings import Settings, named_keys
from tests.support.matches import KEY
from tests.support.orders import new_order

OWN, PUBLIC = new_keys()
LOG = OrderLog("t.cricket.orders", "an-id")
ORDER = new_order("freeze", KEY)
VALUE = encode(ORDER)
SIGNER = Settings(operator_key=OWN)
KNOWN = Operators.of(Settings(operator_keys=f"ravi={'0' * 64}, asha={PUBLIC.upper()}"))


def test_the_operators_signature_proves_who_gave_the_order() -> None:
    proof = KNOWN.proof(ORDER, VALUE, sign(VALUE, LOG, SIGNER), LOG)
    assert proof == f"signed by asha, key {PUBLIC[:8]}"


def test_a_program_signs_for_an_operator_with_its_own_key() -> None:
    order = new_order("freeze", KEY, operator="somebody", via="asha")
    value = encode(order)
    assert KNOWN.proof(order, value, sign(value, LOG, SIGNER), LOG).startswith("signed by asha")


WRONG = {
    "no signature": (ORDER, VALUE, b"", LOG, "it is not signed, and asha's orders must be"),
    "another key": (
        ORDER,
        VALUE,
        sign(VALUE, LOG, Settings(operator_key=new_keys()[0])),
        LOG,
        "asha's key has not signed it",
    ),
    "another order": (
        ORDER,
        VALUE.replace(b"freeze", b"unfreeze"),
        sign(VALUE, LOG, SIGNER),
        LOG,
        "asha's key has not signed it",
    ),
    "a topic of that name that is gone": (
        ORDER,
        VALUE,
        sign(VALUE, OrderLog(LOG.topic, "earlier"), SIGNER),
        LOG,
        "forged, or copied from another log",
    ),
    "another deployment's topic": (
        ORDER,
        VALUE,
        sign(VALUE, OrderLog("staging.cricket.orders", LOG.id), SIGNER),
        LOG,
        "forged, or copied from another log",
    ),
    "a name that is not known": (
        new_order("freeze", KEY, operator="eve"),
        VALUE,
        sign(VALUE, LOG, SIGNER),
        LOG,
        "no operator 'eve' is known: there are asha, ravi",
    ),
    "half a signature": (ORDER, VALUE, b"short", LOG, "asha's key has not signed it"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_proves_nothing_is_named(case: str) -> None:
    *given, reason = WRONG[case]
    with pytest.raises(NotProvenError, match=reason):
        KNOWN.proof(*given)


def test_without_operators_nobody_has_to_prove_anything() -> None:
    assert Operators.of(Settings()).proof(ORDER, VALUE, b"", LOG) == ""
    assert sign(VALUE, LOG, Settings()) == b""


@pytest.mark.parametrize("late", [LATEST_MS + 1, -LATEST_MS - 1, 10**18])
def test_an_order_that_lay_somewhere_for_long_is_belated(late: int) -> None:
    assert "give it again" in belated(ORDER, ORDER.at + late)


@pytest.mark.parametrize("late", [LATEST_MS, -LATEST_MS, 0])
def test_clocks_may_differ_a_little(late: int) -> None:
    assert belated(ORDER, ORDER.at + late) == ""


@pytest.mark.parametrize("listed", ["asha", "asha=", f"={'0' * 64}", f"a={'0' * 64},a={'1' * 64}"])
def test_a_list_of_operators_that_is_none_names_the_entry(listed: str) -> None:
    with pytest.raises(ValueError, match=r"operator_keys: entry \d is not name=key"):
        named_keys(listed)
    with pytest.raises(ValueError, match="operator_keys"):
        Settings(operator_keys=listed)
