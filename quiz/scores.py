"""Rounds, answers and nicknames, kept in a database: SQLite in a file, or PostgreSQL by `DATABASE_URL`.

A round is a row from the moment its pictures are sent, so several processes may serve one game, and a process that is
killed loses nothing it acknowledged (SQLite: write-ahead log, synchronous=FULL). Only the server writes here. Players
are known by a digest of their token. The tables are made, and brought up to date, by quiz.migrations.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from models.errors import InvalidInput, LatentLabError
from quiz.database import connect, database_url, reading, writing
from quiz.migrations import migrate
from quiz.nicknames import clean_nickname, to_key
from quiz.queries import count_answers, count_fooled, count_true, last_answer, of_player, select_open, to_score
from quiz.records import LEAST_ON_BOARD, LEAST_ON_WALL, Day, FakeRecord, Outcome, Place, Score, is_right
from quiz.statistics import accuracy
from quiz.tables import DEALT, Player, ReadBack, Round
from quiz.tokens import TOKEN, check_player, digest

OPEN_FOR = 3600  # seconds; an older round can no longer be answered
SWEPT_AFTER = 7200  # seconds; later than that, so that a clock which is ahead for a moment removes nothing
DAY = 86_400_000  # milliseconds
AT_ONCE = 1000  # rows that one query names

Event = dict[str, Any]  # what happened: "kind" is "answer", "nickname" or "forget", "at" in ms, "player" a digest
Row = dict[str, Any]  # of a table, by column


def now() -> int:
    """Milliseconds since 1970, server clock."""
    return time.time_ns() // 1_000_000


class Store:
    """The database of the game. Safe to share between threads; several processes may share one database.

    Wherever a method takes a player, it takes their secret token.
    """

    def __init__(self, url: str | None = None):
        """Opens the database, and makes its tables or brings them up to date.

        Args:
            url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`; None for `database_url()`.

        Raises:
            LatentLabError: it cannot be opened.
        """
        self.engine = connect(url or database_url())
        try:
            migrate(self.engine)
        except LatentLabError:
            self.engine.dispose()
            raise
        self.listeners: list[Callable[[Event], None]] = []  # told of what happened once it is on disk
        self.before_end: list[Callable[[], None]] = []  # called as soon as the process is told to stop
        self.forgetting = threading.Lock()  # nobody is forgotten while a copy is read back

    def close(self) -> None:
        """Lets go of the database."""
        self.engine.dispose()

    # --- rounds --------------------------------------------------------------------------------------------------

    def add_round(self, new: Round) -> Round:
        """Keeps a round that was just made; for a player with an open round at that deck and level, returns that one.

        Rounds that were never answered are removed two hours after they were made.
        """
        with writing(self.engine) as session:
            session.execute(
                delete(Round).where(Round.answered_ms.is_(None), Round.created_ms < now() - SWEPT_AFTER * 1000)
            )
            if new.player:  # one that can no longer be answered gives way
                mine = of_player(new.player, new.deck, new.level, new.edition)
                session.execute(delete(Round).where(*mine, Round.created_ms < now() - OPEN_FOR * 1000))
            if new.player and (known := session.scalar(select_open(new.player, new.deck, new.level, new.edition))):
                return known
            try:
                with session.begin_nested():
                    session.add(new)
            except IntegrityError:  # the same player asked twice at the same moment, in another process
                if new.player and (known := session.scalar(select_open(new.player, new.deck, new.level, new.edition))):
                    return known
                raise
        return new

    def open_round(self, player: str, deck: str, level: int, edition: str) -> Round | None:
        """The round that a player has not answered yet."""
        with reading(self.engine) as session:
            found = session.scalar(select_open(digest(player), deck, level, edition))
        return found if found and now() - found.created_ms <= OPEN_FOR * 1000 else None

    def find_round(self, token: str) -> Round:
        """The round with a token, still open. Raises InvalidInput: forged, answered, or too old."""
        found = None
        if isinstance(token, str) and TOKEN.fullmatch(token):
            with reading(self.engine) as session:
                found = session.scalar(select(Round).where(Round.token == token))
        if found is None:
            raise InvalidInput("There is no open round with this id, or it is older than an hour; ask for a new round.")
        if found.answered_ms is not None:
            raise InvalidInput("This round was answered before, and the first answer counts; ask for a new round.")
        if now() - found.created_ms > OPEN_FOR * 1000:
            raise InvalidInput("This round is older than an hour and can no longer be answered; ask for a new round.")
        return found

    def record_answer(
        self, row: Round, *, choice: str, confidence: int | None, left_logit: float | None, right_logit: float | None
    ) -> Outcome:
        """Keeps the one answer of a round; once this returns, it is on disk.

        Where the clock goes back, the answers of a player stay in their order: time stands still for them.

        Args:
            row: from `find_round`.
            choice: the picture held to be real, "left" or "right".
            confidence: percent, 50 to 100, or None.
            left_logit, right_logit: the discriminator's, larger = more real; None where there is no discriminator.

        Raises:
            InvalidInput: another answer came first.
            LatentLabError: it cannot be kept.
        """
        correct = choice == row.real_side
        with writing(self.engine) as session:
            answered = max(now(), row.created_ms, last_answer(session, row.player) + 1)
            streak = int(correct)
            if row.player and correct:
                last = (
                    select(Round.streak)
                    .where(Round.player == row.player, Round.deck == row.deck, Round.level == row.level)
                    .where(Round.answered_ms.is_not(None))
                    .order_by(Round.answered_ms.desc(), Round.id.desc())
                    .limit(1)
                )
                streak += session.scalar(last) or 0
            answer = {
                "choice": choice,
                "confidence": confidence,
                "correct": correct,
                "streak": streak,
                "left_logit": left_logit,
                "right_logit": right_logit,
                "discriminator_correct": is_right(left_logit, right_logit, row.real_side),
                "answered_ms": answered,
            }
            kept = session.execute(
                update(Round)
                .where(Round.id == row.id, Round.answered_ms.is_(None))
                .values(**answer)
                .returning(Round.id)
            ).all()
            if not kept:
                raise InvalidInput("This round was answered before, and the first answer counts; ask for a new round.")
            shown, fooled = count_fooled(session, row.deck, row.edition, row.fake)
            score = count_answers(session, row.player, row.deck) if row.player else None
        dealt = {name: getattr(row, name) for name in DEALT}
        self.tell({"kind": "answer", "at": answered, **dealt, **answer})
        return Outcome(answered - row.created_ms, shown, fooled, score)

    def times_seen(self, player: str, deck: str, edition: str) -> tuple[dict[int, int], dict[int, int]]:
        """How often a player saw each photograph of a deck and each generated face of one pool, by index."""
        with reading(self.engine) as session:
            mine = (Round.player == digest(player), Round.deck == deck)
            reals = session.execute(select(Round.real, func.count()).where(*mine).group_by(Round.real)).tuples().all()
            of_pool = select(Round.fake, func.count()).where(*mine, Round.edition == edition)
            fakes = session.execute(of_pool.group_by(Round.fake)).tuples().all()
        return dict(reals), dict(fakes)

    def seen_lately(self, player: str, deck: str, edition: str, rounds: int) -> tuple[set[int], set[int]]:
        """The photographs of a deck and the generated faces of one pool in a player's latest rounds, by index."""
        mine = select(Round.real, Round.fake, Round.edition).where(Round.player == digest(player), Round.deck == deck)
        with reading(self.engine) as session:
            latest = session.execute(mine.order_by(Round.id.desc()).limit(rounds)).tuples().all()
        return {real for real, _, _ in latest}, {fake for _, fake, pool in latest if pool == edition}

    # --- a visitor -----------------------------------------------------------------------------------------------

    def history(self, player: str, deck: str | None = None, *, count: int = 1000) -> list[Round]:
        """The latest answered rounds of a player, oldest first; of one deck, or of all."""
        query = select(Round).where(Round.player == digest(player), Round.answered_ms.is_not(None))
        if deck:
            query = query.where(Round.deck == deck)
        with reading(self.engine) as session:
            latest = session.scalars(query.order_by(Round.answered_ms.desc(), Round.id.desc()).limit(count)).all()
        return list(reversed(latest))

    def score(self, player: str | None = None, deck: str | None = None) -> Score:
        """Counts of one player, or of everybody, against the discriminator's over the same rounds."""
        with reading(self.engine) as session:
            return count_answers(session, digest(player) if player else None, deck)

    def set_nickname(self, player: str, nickname: str) -> str:
        """Puts a player on the leaderboard under a nickname, or renames them.

        Returns:
            the nickname as it will be shown.

        Raises:
            InvalidInput: not a player's token, or of one who never answered; not acceptable, or taken.
        """
        check_player(player)
        name = clean_nickname(nickname)
        row = {"player": digest(player), "nickname": name, "key": to_key(name)}
        try:
            with writing(self.engine) as session:
                if not last_answer(session, row["player"]):
                    raise InvalidInput("A nickname is for those who have played; answer a pair first.")
                session.merge(Player(**row))
        except IntegrityError:
            raise InvalidInput(f"Somebody else plays as {name}; choose another nickname.") from None
        self.tell({"kind": "nickname", "at": now(), **row})
        return name

    def nickname(self, player: str) -> str | None:
        """The nickname of a player, if they gave one."""
        with reading(self.engine) as session:
            return session.scalar(select(Player.nickname).where(Player.player == digest(player)))

    def forget(self, player: str) -> None:
        """Takes a player off the leaderboard and their token off their rounds, which stay in the counts of all."""
        known = digest(player)
        with self.forgetting:
            with writing(self.engine) as session:
                at = max(now(), last_answer(session, known))
                session.execute(delete(Player).where(Player.player == known))
                session.execute(delete(Round).where(Round.player == known, Round.answered_ms.is_(None)))
                session.execute(update(Round).where(Round.player == known).values(player=None))
            self.tell({"kind": "forget", "at": at, "player": known})

    # --- keeping a copy ------------------------------------------------------------------------------------------

    def tell(self, happened: Event) -> None:
        """Tells all listeners."""
        for listener in self.listeners:
            listener(happened)

    def was_read_back(self, source: str) -> bool:
        """Whether `add_kept` has added all of a copy to this database. Raises LatentLabError."""
        with reading(self.engine) as session:
            return session.get(ReadBack, source) is not None

    def add_kept(
        self, rounds: list[Row], players: list[Row], forgotten: Mapping[str, int] | None = None, *, source: str
    ) -> None:
        """Adds rows from a copy, all of them or none; what is there already stays.

        Args:
            rounds: answered ones, by column.
            players: by column; those without an answered round are passed over, as nobody is who never played.
            forgotten: players, by digest, who stay so; with the time, ms, up to which no answer is theirs.
            source: the name of the copy, for `was_read_back`.

        Raises:
            LatentLabError: they cannot be written.
        """
        if self.engine.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert
        else:
            from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
        gone = [{"digest": player, "until": until} for player, until in (forgotten or {}).items()]
        with writing(self.engine) as session:
            connection = session.connection()
            if rounds:
                connection.execute(insert(Round).on_conflict_do_nothing(), rounds)
            if gone:
                theirs = (Round.player == bindparam("digest"), Round.answered_ms <= bindparam("until"))
                connection.execute(update(Round.__table__).where(*theirs).values(player=None), gone)  # type: ignore[arg-type]
            answered = select(Round.player).where(Round.player.is_not(None), Round.answered_ms.is_not(None))
            known = set(session.scalars(answered.distinct()))
            if named := [row for row in players if row["player"] in known]:
                connection.execute(insert(Player).on_conflict_do_nothing(), named)
            if gone := [row for row in gone if row["digest"] not in known]:
                connection.execute(delete(Player.__table__).where(Player.player == bindparam("digest")), gone)  # type: ignore[arg-type]
            read_back = {"source": source, "at_ms": now()}
            connection.execute(insert(ReadBack).on_conflict_do_nothing(), [read_back])

    def owners(self, tokens: Sequence[str]) -> dict[str, str | None]:
        """Whose rounds these are, by token: digests of players, None where nobody's. Raises LatentLabError."""
        found: dict[str, str | None] = {}
        with reading(self.engine) as session:
            for start in range(0, len(tokens), AT_ONCE):
                some = Round.token.in_(tokens[start : start + AT_ONCE])
                found.update(session.execute(select(Round.token, Round.player).where(some)).tuples().all())
        return found

    def names(self, players: Sequence[str]) -> dict[str, str]:
        """The nicknames of players, both by digest; who has none is not in it. Raises LatentLabError."""
        found: dict[str, str] = {}
        with reading(self.engine) as session:
            for start in range(0, len(players), AT_ONCE):
                some = Player.player.in_(players[start : start + AT_ONCE])
                found.update(session.execute(select(Player.player, Player.nickname).where(some)).tuples().all())
        return found

    # --- everybody -----------------------------------------------------------------------------------------------

    def fooled(self, deck: str, edition: str, fake: int) -> tuple[int, int]:
        """How many answered rounds showed this face, and in how many of them it was taken for real."""
        with reading(self.engine) as session:
            return count_fooled(session, deck, edition, fake)

    def most_convincing(self, deck: str, *, count: int = 12, least: int = LEAST_ON_WALL) -> list[FakeRecord]:
        """The faces that were most often taken for real, by the lower end of the 95 % interval of that share.

        Args:
            deck: of the table in quiz.decks.
            count: faces returned at most.
            least: answered rounds that a face needs.
        """
        query = (
            select(Round.level, Round.step, Round.edition, Round.fake, func.count(), count_true(Round.correct))
            .where(Round.deck == deck, Round.answered_ms.is_not(None))
            .group_by(Round.edition, Round.fake, Round.level, Round.step)  # as the index has them
            .having(func.count() >= least)
        )
        with reading(self.engine) as session:
            rows = session.execute(query).all()
        records = [
            FakeRecord(deck, level, step, edition, fake, shown, shown - right, accuracy(shown - right, shown))
            for level, step, edition, fake, shown, right in rows
        ]
        ordered = sorted(records, key=lambda record: (-record.share.low, -record.shown, record.edition, record.fake))
        return ordered[:count]

    def by_day(self, deck: str | None = None, *, days: int = 30) -> list[Day]:
        """The answers of the latest days (UTC) that had any, oldest first."""
        day = (Round.answered_ms // DAY).label("day")
        judged = count_true(Round.discriminator_correct), func.count(Round.discriminator_correct)
        query = (
            select(day, func.count(), count_true(Round.correct), *judged)
            .where(Round.answered_ms.is_not(None), Round.answered_ms >= (now() // DAY - days + 1) * DAY)
            .group_by(day)
            .order_by(day)
        )
        if deck:
            query = query.where(Round.deck == deck)
        with reading(self.engine) as session:
            rows = session.execute(query).all()
        return [Day(date(1970, 1, 1) + timedelta(days=int(number)), to_score(*counts)) for number, *counts in rows]

    def leaderboard(
        self, deck: str, level: int | None = None, *, count: int = 20, least: int = LEAST_ON_BOARD
    ) -> list[Place]:
        """Players with a nickname, by the lower end of the 95 % interval of their accuracy, then by their best streak.

        Args:
            deck: of the table in quiz.decks.
            level: only answers at this level, so that all were asked the same kind of question; None for all levels.
            count: lines returned at most.
            least: answered rounds that a player needs.
        """
        query = (
            select(Player.nickname, func.count(), count_true(Round.correct), func.max(Round.streak))
            .join(Round, Round.player == Player.player)
            .where(Round.deck == deck, Round.answered_ms.is_not(None))
            .group_by(Player.player, Player.nickname)
            .having(func.count() >= least)
        )
        if level is not None:
            query = query.where(Round.level == level)
        with reading(self.engine) as session:
            rows = session.execute(query).all()
        places = [Place(name, rounds, right, streak, accuracy(right, rounds)) for name, rounds, right, streak in rows]
        return sorted(places, key=lambda p: (-p.share.low, -p.best_streak, p.nickname))[:count]
