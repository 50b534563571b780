"""Events to receivers over HTTP: signed, in order, at least once; who is slow or down keeps nobody else waiting."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from gateway.faults import EventsUndelivered, SecretUnusable, WebhookFailing, code_of
from gateway.process.requests.replay_events import replay_events
from gateway.store.feed import webhooks
from gateway.store.people.requests import Request
from tests.gateway.events.receiver import receiving
from tests.gateway.events.told import Told, partner_webhook

HOUR = 3600.0


def test_a_receiver_is_told_in_order_and_once(told: Told) -> None:
    with receiving() as receiver:
        told.webhook("crm", receiver.url)
        numbers = [str(told.happens()) for _ in range(5)]
        assert told.tell() == 5
        assert told.tell() == 0
    assert receiver.ids() == numbers
    assert receiver.taken[0]["type"] == "returns-gateway.return.received.v1"
    assert told.state("crm").position == 5


def test_500_then_200_is_tried_again_later_and_in_order(told: Told) -> None:
    with receiving(statuses=[500, 503]) as receiver:
        told.webhook("crm", receiver.url)
        told.happens()
        told.happens()
        assert told.tell() == 0
        assert told.state("crm").error == "status 500"
        assert told.faults() == [code_of(WebhookFailing)]
        told.tell()  # not before its time
        assert len(receiver.posts) == 1
        told.clock.advance(5)
        told.tell()
        told.clock.advance(9)
        told.tell()
        assert [post["id"] for post in receiver.posts] == ["1", "1"], "the pause doubles"
        told.clock.advance(1)
        assert told.tell() == 2
    assert receiver.ids() == ["1", "2"]
    assert told.faults() == []
    assert told.state("crm").attempts == 0


def test_a_wrong_secret_is_a_fault_and_nothing_is_lost(told: Told) -> None:
    with receiving(secret="other words") as receiver:
        told.webhook("crm", receiver.url)
        told.happens()
        told.tell()
        assert told.state("crm").error == "status 401"
        receiver.secret = "words"
        told.clock.advance(HOUR)
        assert told.tell() == 1


def test_a_slow_receiver_stops_nobody(told: Told) -> None:
    with receiving() as slow, receiving() as quick:
        slow.stuck.set()
        told.webhook("slow", slow.url, timeout_seconds=20)
        told.webhook("quick", quick.url)
        told.happens()
        began = time.monotonic()
        told.tell(wait=False)
        assert time.monotonic() - began < 1, "nothing is waited for"
        for _ in range(100):
            if quick.taken:
                break
            time.sleep(0.02)
        assert (quick.ids(), slow.ids()) == (["1"], [])
        told.happens()
        told.tell(wait=False)  # the slow one is still at it: no second thread
        slow.stuck.clear()
        slow.release.set()
        told.tell()
        told.tell()
        assert (quick.ids(), slow.ids()) == (["1", "2"], ["1", "2"])


def test_a_receiver_that_never_answers_is_cut_and_tried_again(told: Told) -> None:
    with receiving() as receiver:
        receiver.stuck.set()
        told.webhook("crm", receiver.url, timeout_seconds=0.2)
        told.happens()
        told.tell()
        assert told.state("crm").error == "no answer within 0.2 s"


def test_nobody_there(told: Told) -> None:
    told.webhook("crm", "http://127.0.0.1:9/")
    told.happens()
    told.tell()
    assert told.state("crm").error.startswith("not reached")


def test_a_redirect_is_not_followed(told: Told) -> None:
    with receiving() as other, receiving(statuses=[307]) as receiver:
        receiver.location = other.url
        told.webhook("crm", receiver.url)
        told.happens()
        told.tell()
        assert other.paths == []
        assert "redirect" in told.state("crm").error


def test_what_the_receiver_answers_is_kept_nowhere(told: Told, capfd: pytest.CaptureFixture[str]) -> None:
    with receiving(statuses=[500]) as receiver:
        told.webhook("crm", receiver.url)
        told.happens()
        told.tell()
    assert "secret" not in told.state("crm").error
    assert "secret" not in capfd.readouterr().err


def test_an_event_that_is_never_taken_is_a_dead_letter_and_the_next_goes_on(told: Told) -> None:
    with receiving(statuses=[422] * 3) as receiver:
        told.webhook("crm", receiver.url, attempts=3)
        told.happens()
        told.happens()
        for _ in range(4):
            told.tell()
            told.clock.advance(HOUR)
        assert receiver.ids() == ["2"]
        (dead,) = told.dead()
        assert (dead.webhook, dead.seq, dead.attempts, dead.error) == ("crm", 1, 3, "status 422")
        assert told.faults() == [code_of(EventsUndelivered)]
        _replay(told, 1)
        assert (told.dead(), told.faults()) == ([], [])
        told.tell()
        assert receiver.ids() == ["2", "1", "2"]


def _replay(told: Told, first: int, webhook: str = "") -> str:
    body = {"from": first, "webhook": webhook}
    request = Request(1, "replay_events", None, body, "ann", "open", "", "", "")
    with told.store.write() as tx:
        work = SimpleNamespace(book=told.book())
        return replay_events(tx, work, request, "2025-03-14T10:00:00.000000Z")  # type: ignore[arg-type] # the book is all


def test_a_replay_of_one_webhook_leaves_the_others(told: Told) -> None:
    with receiving() as one, receiving() as other:
        told.webhook("one", one.url)
        told.webhook("other", other.url)
        for _ in range(3):
            told.happens()
        told.tell()
        assert _replay(told, 2, "one") == "told again from event 2: one"
        told.tell()
        assert (one.ids(), other.ids()) == (["1", "2", "3", "2", "3"], ["1", "2", "3"])


def test_a_replay_wins_over_a_post_that_is_under_way(told: Told) -> None:
    with receiving() as receiver:
        told.webhook("crm", receiver.url, timeout_seconds=20)
        told.happens()
        told.tell()
        receiver.stuck.set()
        told.happens()
        told.tell(wait=False)
        while len(receiver.paths) < 2:
            time.sleep(0.01)
        _replay(told, 1)
        receiver.stuck.clear()
        receiver.release.set()
        told.tell()
        told.tell()
        assert receiver.ids() == ["1", "2", "1", "2"]


def test_a_crash_between_post_and_note_tells_again_under_the_same_id(told: Told) -> None:
    with receiving() as receiver:
        told.webhook("crm", receiver.url)
        told.happens()
        told.tell()
        with told.store.write() as tx:  # as if the note of it had not been committed
            webhooks.rewind(tx, "crm", 0)
        told.restart()
        told.tell()
        assert receiver.ids() == ["1", "1"]


def test_a_webhook_begins_with_what_happens_from_now_on(told: Told) -> None:
    with receiving() as receiver:
        told.happens()
        told.webhook("crm", receiver.url, begin="now")
        told.tell()
        told.happens()
        told.tell()
        assert receiver.ids() == ["2"]


def test_types_partners_and_tests_are_chosen(told: Told) -> None:
    with receiving() as some, receiving() as tests:
        told.webhook("some", some.url, types=["credited"], partners=["northgate"])
        told.webhook("tests", tests.url, tests=True)
        told.happens("received")
        told.happens("credited")
        told.happens("credited", partner="cedar")
        told.happens("credited", stage="test")
        told.tell()
        assert some.ids() == ["2"]
        assert tests.ids() == ["1", "2", "3", "4"]
        assert tests.taken[-1]["stage"] == "test"


def test_a_partner_hears_of_its_own_returns_and_of_nothing_that_is_ours(told: Told) -> None:
    with receiving() as receiver:
        told.partners["northgate"] = SimpleNamespace(
            id="northgate",
            webhook=(partner_webhook(receiver.url),),
            identity=SimpleNamespace(isa_ids=tuple, gs=()),
            pilot_kinds=frozenset,
        )
        told.happens("received")
        told.happens("held")
        told.happens("posted")
        told.happens("credited", partner="cedar")
        told.happens("closed")
        told.tell()
        assert receiver.ids() == ["1", "5"]
        assert told.state("northgate/portal").position == 5


def test_without_its_secret_nothing_is_sent_and_no_attempt_counts(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        told.webhook("crm", receiver.url)
        told.happens()
        monkeypatch.delenv("WEBHOOK_SECRET")
        told.tell()
        assert (receiver.paths, told.state("crm").attempts) == ([], 0)
        assert told.faults() == [code_of(SecretUnusable)]
        monkeypatch.setenv("WEBHOOK_SECRET", "words")
        told.clock.advance(HOUR)
        assert told.tell() == 1
        assert told.faults() == []


def test_a_webhook_that_nobody_names_any_more_leaves_no_fault(told: Told) -> None:
    told.webhook("crm", "http://127.0.0.1:9/")
    told.happens()
    told.tell()
    assert told.faults() == [code_of(WebhookFailing)]
    told.ours.clear()
    told.tell()
    assert told.faults() == []


def test_closing_does_not_wait_for_a_receiver_that_is_stuck(told: Told) -> None:
    with receiving() as receiver:
        receiver.stuck.set()
        told.webhook("crm", receiver.url, timeout_seconds=20)
        told.happens()
        told.tell(wait=False)
        began = time.monotonic()
        told.dispatch.close()
        assert time.monotonic() - began < 5
