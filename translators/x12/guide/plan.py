"""A guide compiled to run: which segment may follow which, and one pattern per segment definition.

`Plan.check` proves a whole set valid, or says no. It walks an automaton over segment ids, whose states are made when
first needed (where we are, how often this segment and the open loops have repeated), so order, mandatory segments and
repeats cost one dictionary look-up a segment, and a pattern per segment definition proves its contents. Once enough
sets have passed to pay for compiling it, one expression over the whole set, of the places met so far, does all of it.

`Plan.step` says the same of one pair of segments in full; `diagnose` walks with it after a miss. Where a segment id
has several places, the nearest one from here on is meant, as pyx12's walker has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from translators.profile import Delimiters
from translators.x12.guide.nodes import LoopNode, SegmentDef, SegmentNode, opening
from translators.x12.guide.pattern import Marks, matcher, whole_set

# Repeats up to here are counted in the automaton's states. Larger maxima are checked by counting segments, and only
# in sets that have more segments than the maximum.
COUNTED: Final = 1_000
# States kept before the automaton starts again: bounds the memory that unusual sets can claim.
MAX_STATES: Final = 50_000
# Segments checked one by one before the expression over whole sets is compiled; twice as many before each next time,
# when places turned up that it does not know.
WARM_UP: Final = 3_000


class Step(NamedTuple):
    """One move: the place reached, what mandatory segments were passed over, and how the loops changed.

    `kept_loops` outer loops stay as they are (the set itself is the first), `entered` are opened, the outermost first;
    `starts_anew`: the first of them starts anew. `forbidden`: the guide does not use the segment, or such a loop.
    """

    node: SegmentNode
    missing: tuple[SegmentNode, ...]
    kept_loops: int
    starts_anew: bool
    entered: tuple[LoopNode, ...]
    forbidden: bool


def step_to(node: SegmentNode, missing: Sequence[SegmentNode], kept_loops: int, *, starts_anew: bool) -> Step:
    """The step that reaches `node` past the `missing` ones, with `kept_loops` outer loops as they are."""
    entered: list[LoopNode] = []
    loop: LoopNode | None = node.parent
    while loop is not None and loop.depth >= kept_loops:
        entered.insert(0, loop)
        loop = loop.parent
    forbidden = node.usage == "N" or any(opened.usage == "N" for opened in entered)
    return Step(node, tuple(missing), kept_loops, starts_anew, tuple(entered), forbidden)


class State(dict[str, "State"]):
    """A state of the automaton: the states that the first three characters of the next segment lead to."""

    __slots__ = ("loops", "machine", "match", "node", "run")

    def __init__(self, machine: PlanAutomaton, node: SegmentNode | None, run: int, loops: tuple[int, ...]) -> None:
        super().__init__()
        self.machine = machine
        self.node = node
        self.run = run
        self.loops = loops
        self.match: Callable[[str], object] = machine.match(node.definition) if node else str

    def __missing__(self, token: str) -> State:
        """The state after a segment that begins with `token`. KeyError if it may not stand here."""
        following = self.machine.following(self, token)
        self[token] = following
        return following


class PlanAutomaton:
    """The automaton of one plan for one set of delimiters."""

    def __init__(self, plan: Plan, marks: Marks) -> None:
        self._plan = plan
        self._marks = marks
        # By identity: hashing a definition costs more than matching a segment.
        self._matchers: dict[int, Callable[[str], object]] = {}
        self._states: dict[tuple[int, int, tuple[int, ...]], State] = {}
        self._met: set[SegmentNode] = set()
        self._whole: Callable[[str], object] | None = None
        self._budget = self._patience = WARM_UP
        component = marks.component
        self._blanks = (f" {marks.element}", f" {marks.segment}", f" {component}")
        self._ends = marks.element + marks.segment
        self._empties = (component + marks.segment, component + marks.element)
        self.start = State(self, None, 0, ())

    def match(self, definition: SegmentDef) -> Callable[[str], object]:
        """The compiled check of one segment definition."""
        known = self._matchers.get(id(definition))
        if known is None:
            known = self._matchers[id(definition)] = matcher(definition, self._marks)
        return known

    def following(self, state: State, token: str) -> State:
        """The state after a segment that begins with `token` (three characters). KeyError if it may not follow."""
        segment_id = token.partition(self._marks.element)[0]
        if state.node is None:
            node, run = self._plan.first, 1
            loops: tuple[int, ...] = (0,)
            if segment_id != node.id:
                raise KeyError(token)
        else:
            step = self._plan.step(state.node, segment_id)
            if step is None or step.missing or step.forbidden:
                raise KeyError(token)
            node = step.node
            run = state.run + 1 if node is state.node and not step.starts_anew else 1
            if node.most is None or node.most > COUNTED:
                run = 1
            elif run > node.most:
                raise KeyError(token)
            loops = self._loops(state, step, token)
        key = (id(node), run, loops)
        known = self._states.get(key)
        if known is None:
            if len(self._states) >= MAX_STATES:
                self._forget()
            known = self._states[key] = State(self, node, run, loops)
            self._met.add(node)
        return known

    def _forget(self) -> None:
        for state in self._states.values():
            state.clear()
        self._states.clear()
        self.start.clear()

    @staticmethod
    def _loops(state: State, step: Step, token: str) -> tuple[int, ...]:
        """How often each open loop has started; 0 where that is not counted. KeyError if too often."""
        loops = list(state.loops[: step.kept_loops])
        for loop in step.entered:
            if loop.most is None or loop.most > COUNTED:
                loops.append(0)
                continue
            before = state.loops[loop.depth] if step.starts_anew and loop.depth == step.kept_loops else 0
            if before >= loop.most:
                raise KeyError(token)
            loops.append(before + 1)
        return tuple(loops)

    def check(self, segments: Sequence[str]) -> bool:
        """Is this set, ST to SE, valid? True is proof; False means that `diagnose` has to look."""
        terminator = self._marks.segment
        text = terminator.join(segments) + terminator
        if text.count(terminator) != len(segments) or self._is_padded(text):
            return False
        if self._whole is not None and self._whole(text):
            return True
        if not self._one_by_one(segments):
            return False
        self._compile_when_due(len(segments))
        return True

    def check_text(self, text: str) -> bool:
        """Is the text of a set valid? True is proof; False also means that too few sets were seen to tell."""
        whole = self._whole
        return whole is not None and not self._is_padded(text) and whole(text) is not None

    def _is_padded(self, text: str) -> bool:
        """Does an element end in a blank, or a segment or composite in a separator?"""
        blank, end, empty = self._blanks, self._ends, self._empties
        return (
            blank[0] in text
            or blank[1] in text
            or end in text
            or (self._marks.component in text and (blank[2] in text or empty[0] in text or empty[1] in text))
        )

    def _one_by_one(self, segments: Sequence[str]) -> bool:
        if len(segments) > self._plan.smallest_large_maximum and not self._within_large_maxima(segments):
            return False
        state = self.start
        try:
            for segment in segments:
                state = state[segment[:3]]
                if not state.match(segment):
                    return False
        except KeyError:
            return False
        return state.node is self._plan.last

    def _compile_when_due(self, count: int) -> None:
        """Compile the expression over whole sets once enough segments were checked one by one to pay for it."""
        self._budget -= count
        if self._budget <= 0 and not self._plan.ambiguous:
            self._whole = whole_set(self._plan.root, self._met, self._marks).fullmatch
            self._patience *= 2
            self._budget = self._patience

    def _within_large_maxima(self, segments: Sequence[str]) -> bool:
        for segment_id, most in self._plan.large_maxima:
            if len(segments) > most:
                start = segment_id + self._marks.element
                if sum(segment.startswith(start) for segment in segments) > most:
                    return False
        return True


class Plan:
    """A guide, ready to check sets of one kind in one release (with one partner's overlay)."""

    def __init__(self, set_id: str, release: str, root: LoopNode) -> None:
        self.set_id = set_id
        self.release = release
        # The same guide in the other shape that partners send it in, where there is one (the 944).
        self.other_shape: Callable[[], Plan] | None = None
        self.root = root
        self.first = root.first
        last = root.children[-1]
        assert isinstance(last, SegmentNode)
        self.last = last
        self.ids = frozenset(node.id for node in root.segments())
        self.ambiguous = any(_has_later_place(node) for node in root.segments())
        large = {(opening(node).id, node.most) for node in root.walk() if node.most is not None and node.most > COUNTED}
        self.large_maxima = tuple(sorted(large))
        self.smallest_large_maximum = min((most for _, most in large), default=1 << 62)
        self._steps: dict[tuple[int, str], Step | None] = {}
        self._machines: dict[tuple[str, str, str, str], PlanAutomaton] = {}
        self._latest: tuple[Delimiters, PlanAutomaton] | None = None

    def check(self, segments: Sequence[str], delimiters: Delimiters) -> bool:
        """Is the set, its raw segments from ST to SE, valid in every segment, element and repeat?

        Yes is proof. No means that `diagnose` has to look: it may still find nothing wrong in rare cases.
        SE01 and SE02 are the envelope's to compare.
        """
        latest = self._latest
        if latest is None or latest[0] is not delimiters:
            latest = self._latest = (delimiters, self.machine(delimiters))
        return latest[1].check(segments)

    def check_text(self, text: str, delimiters: Delimiters) -> bool:
        """As `check`, on the set's text: every segment, the SE too, followed by its terminator and nothing else.

        The text need not be cut into segments. False also means that too few sets were seen to judge one this way.
        """
        latest = self._latest
        if latest is None or latest[0] is not delimiters:
            latest = self._latest = (delimiters, self.machine(delimiters))
        return latest[1].check_text(text)

    def marks(self, delimiters: Delimiters) -> Marks:
        """The delimiters, with the character set of this release."""
        return Marks(
            delimiters.element,
            delimiters.component,
            delimiters.repetition,
            delimiters.segment,
            extended_5=self.release >= "005010",
        )

    def machine(self, delimiters: Delimiters) -> PlanAutomaton:
        """The automaton for these delimiters; only the latest few are kept."""
        key = (delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment)
        known = self._machines.get(key)
        if known is None:
            if len(self._machines) >= 8:
                self._machines.pop(next(iter(self._machines)))
            known = self._machines[key] = PlanAutomaton(self, self.marks(delimiters))
        return known

    def step(self, node: SegmentNode, segment_id: str) -> Step | None:
        """From `node` to the nearest place of `segment_id` that is not behind it; None if there is none."""
        key = (id(node), segment_id)
        if key in self._steps:
            return self._steps[key]
        if segment_id not in self.ids:
            return None
        found = self._steps[key] = self._search(node, segment_id, self.root)
        return found

    def step_within(self, node: SegmentNode, segment_id: str, loop: LoopNode) -> Step | None:
        """As `step`, without leaving `loop` or starting it again."""
        return self._search(node, segment_id, loop) if segment_id in self.ids else None

    def _search(self, node: SegmentNode, segment_id: str, top: LoopNode) -> Step | None:
        missing: list[SegmentNode] = []
        level: LoopNode = node.parent
        start = node.index
        while True:
            for child in level.children[start:]:
                in_same_child = child.index == start
                first = opening(child)
                if first.id == segment_id:
                    if child is node and node.opens_loop:
                        if level is top:
                            return None
                        return step_to(node, (), level.depth, starts_anew=True)
                    starts_anew = in_same_child and child is not node
                    return step_to(first, missing, level.depth + 1, starts_anew=starts_anew)
                if child.usage == "R" and not in_same_child:
                    missing.append(first)
            if level is top or level.parent is None:
                return None
            start = level.index
            level = level.parent


def _has_later_place(node: SegmentNode) -> bool:
    """May the same segment stand again further out and later, where it would mean another place?"""
    at: SegmentNode | LoopNode = node
    while at.parent is not None:
        if any(opening(child).id == node.id for child in at.parent.children[at.index + 1 :]):
            return True
        at = at.parent
    return False
