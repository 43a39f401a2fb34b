# Shared by bin/up and bin/test; sourced, not run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
BEGIN=${EPOCHREALTIME/[.,]/}

say() {
  local now=${EPOCHREALTIME/[.,]/}
  local tenths=$(((now - BEGIN) / 100000))
  printf '[%3d.%d s] %s\n' $((tenths / 10)) $((tenths % 10)) "$*"
}

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

need_dotnet() {
  if ! command -v dotnet >/dev/null && [ -x "${HOME:-/root}/.dotnet/dotnet" ]; then
    PATH=$HOME/.dotnet:$PATH
  fi
  command -v dotnet >/dev/null || die "The .NET 10 SDK is needed to build Millrace; get it from https://dotnet.microsoft.com/download"
  # Listing is ten times faster than asking the SDK to start.
  dotnet --list-sdks | grep -q '^10\.' || die "The .NET 10 SDK is needed to build Millrace; found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')"
}

need_node() {
  local version
  version=$(node --version 2>/dev/null) || die "Node.js 20.19 or newer is needed to build the web UI; install it from https://nodejs.org or Debian's packages nodejs and npm"
  local major minor
  IFS=. read -r major minor _ <<<"${version#v}"
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    die "Node.js 20.19 or newer is needed to build the web UI; this machine has ${version#v}"
  fi
  command -v npm >/dev/null || die "npm, which comes with Node.js, is needed to build the web UI; install Debian's package npm"
}

# run_logged NAME COMMAND...: silent when it works; when it fails, the end of its output.
run_logged() {
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  printf '%s failed:\n' "$name" >&2
  tail -n 40 "$log" >&2
  rm -f "$log"
  return 1
}

# Name, size and modification time of every input: enough to see a change, and read in milliseconds.
stamp_of() {
  find "$@" \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report \) -prune -o -type f -printf '%p %s %T@\n' 2>/dev/null |
    LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

is_current() { # STAMP_FILE STAMP
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

has_postgres() {
  local postgres version
  for postgres in /usr/lib/postgresql/*/bin/postgres "$(command -v postgres || true)"; do
    [ -x "$postgres" ] || continue
    version=$("$postgres" --version 2>/dev/null | grep -oE '\) [0-9]+' | tr -dc 0-9) || continue
    if [ "${version:-0}" -ge 15 ]; then
      return 0
    fi
  done
  return 1
}

bring_postgres() {
  if [ -n "${Millrace__Database:-}" ] || [ -n "${Millrace__Postgres__Binaries:-}" ] || has_postgres; then
    return 0
  fi
  local folder=$ROOT/tools/postgres stamp
  stamp=$(sha256sum <"$folder/package-lock.json")
  is_current "$folder/node_modules/.stamp" "$stamp" && return 0
  say "Downloading PostgreSQL, as none is installed"
  run_logged "Downloading PostgreSQL" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund || return 1
  printf '%s\n' "$stamp" >"$folder/node_modules/.stamp"
  say "PostgreSQL is here"
}

has_libvips() {
  [ -n "${Millrace__Images__Libvips:-}" ] || ldconfig -p 2>/dev/null | grep -q 'libvips\.so\.42' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libvips\.so\.42'
}

# Pictures can be uploaded without it, but not be cropped or made smaller; so a failure to bring it stops nothing.
bring_libvips() {
  has_libvips && return 0
  local folder=$ROOT/tools/images stamp
  stamp=$(sha256sum <"$folder/package-lock.json")
  is_current "$folder/node_modules/.stamp" "$stamp" && return 0
  say "Downloading libvips, as none is installed"
  if run_logged "Downloading libvips" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund; then
    printf '%s\n' "$stamp" >"$folder/node_modules/.stamp"
    say "libvips is here"
  else
    say "Without libvips pictures are kept as they are uploaded"
  fi
}

web_packages() {
  local stamp
  stamp=$(sha256sum <"$ROOT/web/package-lock.json")
  is_current "$ROOT/web/node_modules/.stamp" "$stamp" && return 0
  say "Downloading the web UI's packages"
  run_logged "Downloading the web UI's packages" npm ci --prefix "$ROOT/web" --no-audit --no-fund || return 1
  printf '%s\n' "$stamp" >"$ROOT/web/node_modules/.stamp"
}

build_web() {
  [ -f "$ROOT/web/package.json" ] || return 0
  local stamp
  stamp=$(stamp_of "$ROOT/web")
  is_current "$ROOT/web/dist/.stamp" "$stamp" && return 0
  web_packages || return 1
  say "Building the web UI"
  run_logged "Building the web UI" npm run --prefix "$ROOT/web" build || return 1
  # Taken again: the build itself writes generated inputs.
  stamp_of "$ROOT/web" >"$ROOT/web/dist/.stamp"
  say "The web UI is built"
}

SERVER=$ROOT/artifacts/bin/Millrace.Host/release/millrace

server_stamp() {
  stamp_of "$ROOT/src" "$ROOT"/Directory.*.props "$ROOT/global.json" "$ROOT/.editorconfig" "$ROOT/BannedSymbols.txt"
}

build_server() {
  local stamp
  stamp=$(server_stamp)
  [ -x "$SERVER" ] && is_current "$ROOT/artifacts/.server-stamp" "$stamp" && return 0
  say "Building the server"
  run_logged "Building the server" dotnet build "$ROOT/src/Millrace.Host" -c Release -p:Fast=true -v quiet --nologo || return 1
  server_stamp >"$ROOT/artifacts/.server-stamp"
  say "The server is built"
}

# Everything at once: one core builds the server while the other waits for downloads or bundles the UI.
build_all() {
  local jobs=() failed=0 job
  bring_postgres & jobs+=($!)
  bring_libvips & jobs+=($!)
  build_web & jobs+=($!)
  build_server & jobs+=($!)
  for job in "${jobs[@]}"; do
    wait "$job" || failed=1
  done
  return $failed
}

# dotnet's own runtime lookup only knows the usual places; a SDK elsewhere has to be named.
export_dotnet_root() {
  local real
  real=$(readlink -f "$(command -v dotnet)")
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$real")}
}
