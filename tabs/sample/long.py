"""Long work of the Sample tab: the pictures of large networks, one after the other."""

from media.images import data_uri, webp
from server.guard import Values, stage_function
from server.jobs import Jobs, Tell, follow_and_stop
from tabs.sample.drawing import from_query
from tabs.sample.painting import in_parts, planned

jobs = Jobs()
follow_work, stop_work = follow_and_stop(jobs)


@stage_function
def draw_slowly(fields: Values) -> Values:
    """Starts to draw what a permalink, "link", describes; answers as server.jobs.Jobs does, with the address of each
    picture as a part, those of the picked faces first."""
    plan = planned(from_query(str(fields.get("link") or "")))

    def work(tell: Tell) -> Values:
        for number, pictures in enumerate(in_parts(plan), start=1):
            for picture in pictures:
                tell(number / len(plan.latents), data_uri(webp(picture), "webp"))
        return {"drawn": len(plan.latents)}

    return jobs.start(work)
