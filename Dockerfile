# The page on any host: docker build -t latent-lab .
# then docker run -p 7860:7860 -v latent-lab:/data --stop-timeout 60 latent-lab, 60 s so that long work and backups may end
FROM python:3.11-slim-bookworm

WORKDIR /app
COPY requirements.txt requirements-hosts.txt requirements-newer.txt requirements-ray.txt ./
RUN pip install --no-cache-dir --upgrade pip==26.3
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu -r requirements.txt
# for hosts that set DATABASE_URL, or a data set of Parquet files as a deck
RUN pip install --no-cache-dir -r requirements-hosts.txt

# for hosts that set RAY_ADDRESS, and for the machines of that cluster: docker build --build-arg RAY=1
ARG RAY=""
RUN if [ -n "$RAY" ]; then pip install --no-cache-dir -r requirements-ray.txt; fi
# the last word, see there
RUN pip install --no-cache-dir --no-deps -r requirements-newer.txt

# what the page needs and nothing else; the networks first, because they are large and change least
COPY weights/ weights/
COPY data/ data/
COPY media/ media/
COPY metrics/ metrics/
COPY models/ models/
COPY page/ page/
COPY playground/ playground/
COPY quiz/ quiz/
COPY server/ server/
COPY serving/ serving/
COPY tabs/ tabs/
COPY app.py LICENSE ./

# somebody who owns nothing here but the scores and caches
RUN useradd --create-home --uid 1000 page && mkdir /data && chown page /data
USER page
VOLUME /data
ENV GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    LATENT_LAB_DATA=/data/scores \
    LATENT_LAB_CACHE=/data/cache \
    SCIKIT_LEARN_DATA=/data/photographs \
    HF_HOME=/data/hub \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"GRADIO_SERVER_PORT\"]}/', timeout=8)"]
CMD ["python", "app.py"]
