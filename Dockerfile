# The demo in a container: PostHog in a box and JupyterLab, connected to each other.
#
#   docker build --tag jupyter-posthog-demo .
#   docker run --rm --publish 127.0.0.1:8888:8888 jupyter-posthog-demo
#
# and open the address that it prints. The box listens inside the container only; publish JupyterLab's port on this
# machine alone, for who has its token can run code in the container.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
# The build brings its own Node, so that nothing but pip is needed.
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(ls /wheels/*.whl)[box]" \
    && rm -r /wheels \
    && useradd --system --create-home --home-dir /srv/demo demo
USER demo
WORKDIR /srv/demo
EXPOSE 8888
CMD ["jupyter", "posthog", "demo", "--ip", "0.0.0.0", "--port", "8888"]
