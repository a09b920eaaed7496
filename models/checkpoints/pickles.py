"""Pickles of strangers, followed step by step before anything reads them (pickletools runs nothing).

torch's `weights_only` reader refuses code, but calls what it allows with any arguments (`bytearray(10**10)`) and hashes
tuples of any depth.
"""

import pickletools
import re
from dataclasses import dataclass
from typing import IO

MOST_STEPS = 500_000  # of a pickle; four networks with their optimizers take some 200,000
DEEPEST = 40  # things within things
DEEPEST_OTHERS = 150  # the same in a pickle of modules within modules
HEAVIEST = 1_000_000  # things, counted each time they are handed on
LARGEST_FRAME = 2**22  # bytes that the reader takes at once; Python's own frames have 64 kB
ALLOWED = re.compile(
    r"collections OrderedDict|argparse Namespace"
    r"|torch\._utils _rebuild_(tensor|tensor_v2|parameter)|torch\.nn\.parameter Parameter"
    r"|torch (Float|Half|BFloat16|Double|Long|Int|Short|Char|Byte|Bool)Storage|torch\.storage UntypedStorage"
    r"|torch (b?float|u?int)\d+"
)


class MoreThanTensors(Exception):
    """A pickle that does something else than name tensors."""


@dataclass(eq=False)
class Thing:
    """What lies on a pickle's stack, by its extent."""

    depth: int = 1
    weight: int = 1


def look_through_pickle(content: IO[bytes], *, own: bool = True) -> None:
    """Follows one pickle without doing what it says.

    Args:
        content: where the pickle begins.
        own: whether it has to name nothing but tensors, as torch writes them; else any names, in the forms of pickles
            until today.

    Raises:
        MoreThanTensors: it names something else, or would build what takes long or much memory to build.
        ValueError and others: it is no pickle.
    """
    deepest = DEEPEST if own else DEEPEST_OTHERS
    stack: list[Thing | None] = []  # None is a mark
    memo: dict[int, Thing] = {}
    handed = 0
    for number, (step, argument, _) in enumerate(pickletools.genops(content)):
        if number > MOST_STEPS or step.proto > (2 if own else 4):
            raise MoreThanTensors
        if step.name == "GLOBAL" and own:
            if not ALLOWED.fullmatch(str(argument)):
                raise MoreThanTensors
        elif step.name in ("INST", "OBJ", "EXT1", "EXT2", "EXT4"):
            raise MoreThanTensors
        if step.name == "FRAME" and int(argument or 0) > LARGEST_FRAME:
            raise ValueError
        if step.name.endswith("PUT") and int(argument or 0) > MOST_STEPS:  # the reader's memory is as long as that
            raise MoreThanTensors
        if step.name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[int(argument or 0)] = top(stack)
        elif step.name == "MEMOIZE":
            memo[len(memo)] = top(stack)
        elif step.name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo[int(argument or 0)])
        elif step.name == "DUP":
            stack.append(top(stack))
        elif step.name == "MARK":
            stack.append(None)
        else:
            taken = take(stack, step)
            if step.stack_after:
                changes = step.name in ("APPEND", "APPENDS", "SETITEM", "SETITEMS", "ADDITEMS", "BUILD")
                thing = taken.pop(0) if changes else Thing()
                thing.depth = max(thing.depth, 1 + max((part.depth for part in taken), default=0))
                thing.weight += sum(part.weight for part in taken)
                stack.append(thing)
                handed += thing.weight if step.name in ("REDUCE", "NEWOBJ", "NEWOBJ_EX") else 0
                if thing.depth > deepest or max(thing.weight, handed) > HEAVIEST:
                    raise MoreThanTensors


def top(stack: list[Thing | None]) -> Thing:
    """The last thing on a stack. Raises IndexError."""
    if not stack or stack[-1] is None:
        raise IndexError
    return stack[-1]


def take(stack: list[Thing | None], step: pickletools.OpcodeInfo) -> list[Thing]:
    """Takes what a step needs off the stack, in order. Raises IndexError where it is not there."""
    before = [one.name for one in step.stack_before]
    taken: list[Thing] = []  # the last one first
    if "mark" in before:
        while stack and (thing := stack.pop()) is not None:
            taken.append(thing)
        before = before[: before.index("mark")]
    for _ in before:
        taken.append(top(stack))
        stack.pop()
    return taken[::-1]
