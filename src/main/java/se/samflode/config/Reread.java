package se.samflode.config;

/** Who keeps content of a file that may change while the application runs. */
public interface Reread {

  /**
   * Reads again what has changed since the last time. Called every second, never twice at the same
   * time; must be quick when nothing has changed and keep what is in force when a file cannot be
   * used, see {@link WatchedFile#refresh}.
   */
  void reread();
}
