# The bot in one small image: docker build --tag ampersand .   (compose.yaml adds PostgreSQL)
FROM python:3.12-slim AS build
WORKDIR /source
RUN python -m venv /opt/ampersand
COPY requirements.lock ./
RUN /opt/ampersand/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE app.yaml ./
COPY storage storage
COPY bot bot
COPY handlers handlers
# What builds and installs is of no use in the image, except to an intruder.
RUN /opt/ampersand/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/ampersand/bin/pip uninstall --yes editables hatchling pathspec pluggy trove-classifiers pip

FROM python:3.12-slim
RUN useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin ampersand \
 && install --directory --owner ampersand --mode 0700 /backups
COPY --from=build /opt/ampersand /opt/ampersand
ENV PATH=/opt/ampersand/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    AMPERSAND_DATA_DIR=/data \
    AMPERSAND_HOST=0.0.0.0 \
    AMPERSAND_PORT=3000
USER 10001
WORKDIR /data
VOLUME ["/data", "/backups"]
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['AMPERSAND_PORT'] + '/health', timeout=4)"]
ENTRYPOINT ["ampersand"]
CMD ["serve"]
