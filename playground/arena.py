"""Games of several visitors at once: who trains, who waits in line, what each game has shown so far.

A game goes on only while its visitor asks for more: every request trains for a few hundredths of a second and returns
a frame. A page that is closed asks no more, and its seat is free a moment later.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from models.errors import InvalidInput
from playground.game import Game, GameSettings, Part
from playground.points import Points
from playground.views import snapshot, view

SEATS = 2  # visitors who train at the same time
LEASE = 2.0  # seconds without a request after which a seat is free, and a place in line lost
CHUNK = 0.07  # seconds of training in one request
MOST_ROUNDS = 2_000  # in one request
MOST_GAMES = 60  # kept in memory; the one that was asked for longest ago goes first
MOST_MOMENTS = 120  # kept of each game for its film; then every other one goes
TUNED = ("discriminator_rate", "generator_rate", "discriminator_steps", "generator_steps")  # while a game goes on
MOST_ROWS = 1_000  # of its table; likewise


@dataclass
class Session:
    """One visitor's game."""

    game: Game
    points: Points
    centres: Points | None
    lock: threading.Lock = field(default_factory=threading.Lock)
    rows: list[dict[str, float]] = field(default_factory=list)  # the figures over time
    moments: list[Any] = field(default_factory=list)
    every: int = 1  # frames between two moments that are kept
    frames: int = 0


class Arena:
    """All games of a page."""

    def __init__(self, *, seats: int = SEATS, lease: float = LEASE, clock: Callable[[], float] = time.monotonic):
        """seats: games that train at once; lease: seconds that a seat is kept without a request; clock: seconds."""
        self.seats, self.lease, self.clock = seats, lease, clock
        self.sessions: OrderedDict[str, Session] = OrderedDict()
        self.training: dict[str, float] = {}  # token -> last request, seconds of the clock
        self.line: OrderedDict[str, float] = OrderedDict()  # those who wait, first come first
        self.lock = threading.Lock()

    def open(self, token: str, settings: GameSettings, points: Points, centres: Points | None) -> dict[str, Any]:
        """A new game under a token, in place of the one that was there. Returns its first frame."""
        game = Game(settings, points)
        with self.lock:
            self.sessions[token] = session = Session(game, points, centres)
            self.sessions.move_to_end(token)
            while len(self.sessions) > MOST_GAMES:
                self.sessions.popitem(last=False)
        with session.lock:
            return self.show(session)

    def play(self, token: str, *, rounds: int, part: Part = "both", until: int | None = None) -> dict[str, Any]:
        """Plays up to so many rounds, or as many as fit into CHUNK seconds.

        Args:
            token: of the game.
            rounds: 1 to MOST_ROUNDS.
            part: who plays.
            until: a number of rounds of the game at which it stops.

        Returns:
            a frame with "played"; or "line", the place in line (1 = next), and "seats".

        Raises:
            InvalidInput: no such game, or rounds out of range.
        """
        if not 1 <= rounds <= MOST_ROUNDS:
            raise InvalidInput(f"The number of rounds is {rounds}; it has to be from 1 to {MOST_ROUNDS:,}.")
        session = self.find(token)
        place = self.take_seat(token)
        if place:
            return {"line": place, "seats": self.seats}
        with session.lock:
            game, played = session.game, 0
            end = self.clock() + CHUNK
            while played < rounds and not game.lost and (until is None or game.rounds < until):
                game.play(part)
                played += 1
                if self.clock() > end:
                    break
            return {**self.show(session), "played": played}

    def pause(self, token: str) -> None:
        """Gives the seat, or the place in line, back."""
        with self.lock:
            self.training.pop(token, None)
            self.line.pop(token, None)

    def running(self) -> int:
        """How many games are being trained."""
        with self.lock:
            self.forget_absent()
            return len(self.training)

    def retune(self, token: str, settings: GameSettings) -> GameSettings:
        """Other learning rates or numbers of steps for a game that goes on. Returns its settings, of which no others
        change. Raises InvalidInput."""
        session = self.find(token)
        with session.lock:
            session.game.settings = replace(session.game.settings, **{name: getattr(settings, name) for name in TUNED})
            return session.game.settings

    def find(self, token: str) -> Session:
        """The game under a token. Raises InvalidInput where it was dropped."""
        with self.lock:
            session = self.sessions.get(token)
            if session is None:
                raise InvalidInput("This game is no longer kept; restart it.")
            self.sessions.move_to_end(token)
            return session

    def take_seat(self, token: str) -> int:
        """0 with a seat, else the place in line."""
        with self.lock:
            now = self.clock()
            self.forget_absent()
            if token not in self.training:
                self.line.setdefault(token, now)
                self.line[token] = now
                place = list(self.line).index(token) + 1
                if place > self.seats - len(self.training):
                    return place
                del self.line[token]
            self.training[token] = now
            return 0

    def forget_absent(self) -> None:
        """Frees what was not asked for lately. The lock is held."""
        since = self.clock() - self.lease
        for held in (self.training, self.line):
            for token in [token for token, asked in held.items() if asked < since]:
                del held[token]

    @staticmethod
    def show(session: Session) -> dict[str, Any]:
        """A frame, written down for the table and the film. The session's lock is held."""
        frame = view(session.game, session.centres)
        if not frame["lost"]:
            session.rows.append({"rounds": frame["rounds"], **frame["numbers"]})
            if len(session.rows) > MOST_ROWS:
                session.rows = session.rows[::2]
            if session.frames % session.every == 0:
                session.moments.append(snapshot(session.game))
            if len(session.moments) > MOST_MOMENTS:
                session.moments, session.every = session.moments[::2], 2 * session.every
            session.frames += 1
        return frame
