# Sourced by mvnw, console and bench: puts the newest JDK that is 21 or newer into JAVA_HOME.
# A JAVA_HOME that is new enough is kept.
found='' best=20
for jdk in "${JAVA_HOME-}" \
  "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")" \
  /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  [ -x "$jdk/bin/javac" ] && [ -f "$jdk/release" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
  if [ "${version:-0}" -gt "$best" ]; then
    best=$version found=$jdk
    [ "$jdk" = "${JAVA_HOME-}" ] && break
  fi
done
if [ -z "$found" ]; then
  echo "Platform Kit needs JDK 21 or newer to build and found none; install one or set JAVA_HOME to it." >&2
  exit 1
fi
export JAVA_HOME="$found"
