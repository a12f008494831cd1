# shellcheck shell=bash
# Sourced by app/run and tests/run: the packages of Debian 12, and the Release build in build/release.
# Expects $root, the project's folder.
: "${root:?}"

# Build tools, libraries, and in the last line what programs load while they run: fonts, platforms,
# OpenGL in software and, for tests and pictures, a screen in memory.
packages="g++ cmake ninja-build pkg-config
qt6-base-dev qt6-svg-dev qt6-charts-dev libqt6opengl6-dev libgl-dev
libeigen3-dev nlohmann-json3-dev libcli11-dev libhwy-dev librandom123-dev libreaderwriterqueue-dev zlib1g-dev
libcurl4-openssl-dev libssl-dev
fonts-inter qt6-qpa-plugins qt6-wayland libgl1-mesa-dri xvfb xauth"

say() {
    printf '%s\n' "$*" >&2
}

missing_packages() {
    # One query for all of them: a second run should cost nothing.
    local package present
    # shellcheck disable=SC2086 # a list of words
    present=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' $packages 2>/dev/null || true) "
    for package in $packages; do
        case $present in
        *" $package:installed "*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

install_missing() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is not a Debian system. Needed are what Debian 12 calls:" "$packages"
        say "Going on with what is here."
        return 0
    fi
    local missing as_root=""
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        # Without a terminal nobody could type a password.
        if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            as_root="sudo"
        else
            say "Missing packages, and neither root nor sudo to install them. Please run:"
            say "  apt-get install --no-install-recommends $missing"
            say "Going on with what is here."
            return 0
        fi
    fi
    say "Installing: $missing"
    # shellcheck disable=SC2086 # a list of words
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update </dev/null >&2 ||
        ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing </dev/null >&2; then
        say "Installing failed; going on with what is here."
    fi
}

# build_release TARGET...: configures once, builds what changed. Silent when there is nothing to do.
build_release() {
    local build=$root/build/release generator=()
    command -v ninja >/dev/null && generator=(-G Ninja)
    if [ -f "$build/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
        say "The project was moved: building anew."
        rm -rf "$build"
    fi
    if [ ! -f "$build/build.ninja" ] && [ ! -f "$build/Makefile" ]; then
        say "Configuring $build"
        cmake -S "$root" -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release </dev/null >&2
    fi
    say "Building (Release)"
    cmake --build "$build" --parallel "$(nproc)" --target "$@" </dev/null >&2
}
