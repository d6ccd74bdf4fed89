# The portal's one image: web, workers, beat, migrations and the sandbox partner differ by their
# command only (docker-compose.yml).

FROM python:3.11-slim AS packages
COPY requirements/run.txt /tmp/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/run.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA_DIR=/data
# What people upload and what is sent stands under /data/files, which is a volume; the static files
# stand beside it, in the image, so that they are always those of its own version.
RUN useradd --system --uid 10001 --no-create-home portal \
    && install --directory --mode=0700 --owner=portal /data /data/files /data/journal /ledger
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
USER portal
# The key is for this one command and protects nothing.
RUN PORTAL_SECRET_KEY=only-for-collecting-the-static-files python manage.py collectstatic --no-input -v 0
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--timeout=120", "--no-control-socket", "--worker-tmp-dir=/dev/shm"]
