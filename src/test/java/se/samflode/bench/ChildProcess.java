package se.samflode.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import se.samflode.testing.ApplicationProcess;

/**
 * A main class of the benchmarks as a process of its own, with the heap that the application has.
 * It prints {@code port} and its port first.
 */
final class ChildProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  ChildProcess(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ApplicationProcess.tool("java"),
                "--sun-misc-unsafe-memory-access=allow",
                ApplicationProcess.HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Path log = Path.of("target", main.getSimpleName() + ".log");
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    port = port(process.inputReader(), log);
  }

  private static int port(BufferedReader printed, Path log) throws IOException {
    for (String line = printed.readLine(); line != null; line = printed.readLine()) {
      if (line.startsWith("port ")) {
        return Integer.parseInt(line.substring(5));
      }
    }
    throw new IOException("the process ended; see " + log);
  }

  int port() {
    return port;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
