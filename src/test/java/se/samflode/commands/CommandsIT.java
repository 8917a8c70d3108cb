package se.samflode.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.SamflodeApplication;
import se.samflode.testing.TestDatabase;

/** The commands as an operator calls them: each a process of its own. */
class CommandsIT {

  private static final String HEADER =
      "registeredResidentIdentification,serviceDomain,categorization,logicalAddress,"
          + "businessObjectInstanceIdentifier,clinicalProcessInterestId,mostRecentContent,"
          + "sourceSystem,dataController\n";

  private static final String ROW =
      "reserve-%d,riv:crm:scheduling,Booking,SE1-A,b%d,NA,20260101000000,SE1-S,SE1\n";

  @TempDir private Path folder;

  private final TestDatabase database = TestDatabase.create();

  private record Ended(int code, String out, String err) {}

  @Test
  void loadsReportsLinksAndUnlinksFromTheEmptyDatabaseOn() throws Exception {
    // given
    Path rows = file("rows.csv", HEADER + ROW.formatted(1, 1) + ROW.formatted(2, 2));
    Path links = file("links.csv", "identity,linkedTo\nreserve-1,reserve-2\n");
    String[] mandate = {"--by", "register office", "--reason", "order 1"};

    // when
    Ended loaded = index("load", rows.toString(), "--into-empty");
    Ended again = index("load", rows.toString());
    Ended reported = index("report");
    Ended linked = index("link", links.toString(), mandate[0], mandate[1], mandate[2], mandate[3]);
    Ended unlinked =
        index("unlink", links.toString(), mandate[0], mandate[1], mandate[2], mandate[3]);

    // then
    assertThat(List.of(loaded, again, reported, linked, unlinked))
        .allSatisfy(ended -> assertThat(ended.code()).as(ended.err()).isZero())
        .allSatisfy(ended -> assertThat(ended.out() + ended.err()).doesNotContain("reserve-"));
    assertThat(loaded.err()).contains("2 rows stored").contains("Samflöde can be started");
    assertThat(again.err()).contains("has been loaded to its end before");
    assertThat(reported.out().lines())
        .hasSize(2)
        .first()
        .isEqualTo("sourceSystem,serviceDomain,rows,residents,lastUpdate");
    assertThat(reported.out().lines().skip(1).findFirst().orElseThrow())
        .startsWith("SE1-S,riv:crm:scheduling,2,2,20");
    assertThat(linked.out()).isEqualToIgnoringNewLines("1 linked");
    assertThat(unlinked.out()).isEqualToIgnoringNewLines("1 unlinked");
  }

  @Test
  void aRoleOfItsOwnMayLinkAndTheApplicationMayNot() throws Exception {
    // given
    index("report");
    Path links = file("links.csv", "identity,linkedTo\nreserve-1,reserve-2\n");
    for (String statement :
        List.of(
            "CREATE ROLE samflode LOGIN",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO samflode",
            "REVOKE INSERT, UPDATE, DELETE ON identity_link, identity_link_log FROM samflode",
            "CREATE ROLE samflode_links LOGIN",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON identity_link TO samflode_links",
            "GRANT INSERT ON identity_link_log TO samflode_links",
            "GRANT SELECT ON flyway_schema_history TO samflode_links")) {
      database.client().sql(statement).update();
    }

    // when
    Ended application = linkAs("samflode", links);
    Ended linking = linkAs("samflode_links", links);

    // then
    assertThat(application.code()).isEqualTo(1);
    assertThat(application.err()).contains("may not do this").doesNotContain("reserve-");
    assertThat(linking.code()).as(linking.err()).isZero();
    assertThat(
            database
                .client()
                .sql("SELECT database_user FROM identity_link_log")
                .query(String.class)
                .single())
        .isEqualTo("samflode_links");
  }

  private Ended linkAs(String role, Path links) throws IOException, InterruptedException {
    return run(
        List.of(
            "link",
            links.toString(),
            "--by=register office",
            "--reason=order 1",
            "--spring.datasource.url=" + database.url().replace("user=postgres", "user=" + role),
            "--samflode.index.require-durability=false"));
  }

  @Test
  void handsOutAndErasesWhatAControllerAnswersFor() throws Exception {
    // given
    index("report");
    pushed("r1", "reserve-1", "SE1-C");
    pushed("r2", "reserve-2", "SE1-C");
    pushed("r3", "reserve-1", "SE2-C");
    pushed("r4", "reserve-2", "SE1-C");
    wasAbout("r4", "reserve-1", "SE1-C");
    rejected("about reserve-1", "SE1-C,SE2-C");
    rejected("about reserve-2", "SE1-C");
    rejected("about reserve-2 too", "SE1-C,SE2-C");
    rejected("about reserve-1 too", "SE2-C");
    Path residents = file("residents.csv", "\uFEFF\"identity\"\nreserve-1\n");
    String[] mandate = {"--controller=SE1-C", "--by=data office", "--reason=request 1"};

    // when
    Ended all = labs("export", mandate[0], mandate[1], mandate[2]);
    Ended erased = labs("erase", mandate[0], mandate[1], mandate[2], "--residents=" + residents);
    Ended left = labs("export", mandate[0], mandate[1], mandate[2]);
    Ended unnamed = labs("erase", mandate[0], mandate[1]);

    // then
    assertThat(List.of(all, erased, left, unnamed))
        .as(all.err())
        .extracting(Ended::code)
        .containsExactly(0, 0, 0, 2);
    assertThat(all.out().lines().filter(line -> line.contains("\"stands\":true"))).hasSize(3);
    assertThat(all.out().lines().filter(line -> line.contains("\"rejection\":"))).hasSize(1);
    assertThat(all.err()).contains("4 versions, 1 rejected").doesNotContain("reserve-");
    assertThat(erased.err())
        .contains("2 answers, 1 rejected messages erased")
        .doesNotContain("reserve-");
    assertThat(left.out().lines().filter(line -> line.contains("\"recordId\":\"r2\""))).hasSize(1);
    assertThat(
            database
                .client()
                .sql("SELECT convert_from(content, 'UTF8') FROM lab_rejection ORDER BY id")
                .query(String.class)
                .list())
        .containsExactly("about reserve-2", "about reserve-2 too", "about reserve-1 too");
    assertThat(
            database
                .client()
                .sql("SELECT record_id FROM lab_record ORDER BY 1")
                .query(String.class)
                .list())
        .containsExactly("r2", "r3", "r4");
    assertThat(left.out()).contains("\"recordId\":\"r4\"").doesNotContain("reserve-1");
    assertThat(
            database.client().sql("SELECT record_id FROM lab_tombstone").query(String.class).list())
        .as("it is still not to be shown to whom it is not about")
        .containsExactly("r4");
    assertThat(
            database
                .client()
                .sql(
                    "SELECT action || ' ' || subject || ' ' || outcome FROM lab_log ORDER BY entry")
                .query(String.class)
                .list())
        .containsExactly(
            "export controller SE1-C: request 1 4 versions, 1 rejected messages",
            "erase controller SE1-C, some residents: request 1 2 answers, 1 rejected messages",
            "export controller SE1-C: request 1 2 versions, 1 rejected messages");
  }

  private void rejected(String content, String controllers) {
    database
        .client()
        .sql(
            """
            INSERT INTO lab_rejection
                   (sender, way, format, rejected_at, faults, content, data_controllers)
            VALUES ('lab', 'HTTP', 'FHIR_JSON', clock_timestamp(), '[]',
                    convert_to(:content, 'UTF8'), string_to_array(:controllers, ','))\
            """)
        .param("content", content)
        .param("controllers", controllers)
        .update();
  }

  private void pushed(String record, String resident, String controller) {
    database
        .client()
        .sql(
            """
            INSERT INTO lab_record
            VALUES ('SE1-L', :record, 1, 1, :resident, false, :controller, now(), now(), now())
            """)
        .param("record", record)
        .param("resident", resident)
        .param("controller", controller)
        .update();
    version(1, record, resident, controller);
  }

  private void wasAbout(String record, String resident, String controller) {
    version(2, record, resident, controller);
    database
        .client()
        .sql(
            """
            INSERT INTO lab_tombstone
            VALUES (:resident, 'SE1-L', :record, now(), :controller, 'another resident')
            """)
        .param("record", record)
        .param("resident", resident)
        .param("controller", controller)
        .update();
  }

  private void version(int number, String record, String resident, String controller) {
    database
        .client()
        .sql(
            """
            INSERT INTO lab_version
            VALUES ('SE1-L', :record, :number,
                    sha256(convert_to(:record || :number, 'UTF8')), 'lab', 'HTTP', now(),
                    NULL, 'FINAL', now(), :resident, :controller,
                    format('{"sourceSystem":"SE1-L","recordId":"%s","status":"FINAL",'
                           '"resident":"%s","residentOid":"1.2.752.129.2.1.2.1"}',
                           CAST(:record AS text), CAST(:resident AS text)))
            """)
        .param("number", number)
        .param("record", record)
        .param("resident", resident)
        .param("controller", controller)
        .update();
  }

  @Test
  void tellsWhatToDoWhereItCannotBeDone() throws Exception {
    // given
    Path bad = file("bad.csv", HEADER + ROW.formatted(1, 1) + "reserve-7,,,,,,,,\n");

    // when
    Ended refused = index("load", bad.toString());
    Ended missing = index("load", folder.resolve("nowhere.csv").toString());
    Ended wrong = index("load");
    Ended unknown = index("drop");
    Ended noDatabase =
        run(
            List.of(
                "report",
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/nowhere?user=postgres"));

    // then
    assertThat(List.of(refused, missing, wrong, unknown, noDatabase))
        .extracting(Ended::code)
        .containsExactly(1, 1, 2, 2, 1);
    assertThat(List.of(refused, missing, wrong, unknown, noDatabase))
        .allSatisfy(ended ->
            assertThat(ended.out() + ended.err())
                .doesNotContain("reserve-")
                .doesNotContain("\tat "));
    assertThat(refused.err()).contains("line 3: serviceDomain is missing");
    assertThat(noDatabase.err()).contains("PostgreSQL");
  }

  @Test
  void takesEveryWordForACommandAndSettingsBeforeIt() throws Exception {
    // given
    Path rows = file("rows.csv", HEADER + ROW.formatted(1, 1));
    List<String> settingsFirst = new ArrayList<>(arguments());
    settingsFirst.addAll(List.of("index", "load", rows.toString()));

    // when
    Ended loaded = ended(start(settingsFirst));
    Ended mistyped = ended(start(arguments("load", rows.toString())));
    Ended negative = index("load", rows.toString(), "--max-refused=-1");
    Ended help = index("load", "--help");

    // then
    assertThat(List.of(loaded, mistyped, negative, help))
        .as(loaded.err())
        .extracting(Ended::code)
        .containsExactly(0, 2, 2, 0);
    assertThat(mistyped.err()).contains("samflode", "index", "labs");
    assertThat(negative.err()).contains("0 or more");
    assertThat(help.out()).contains("samflode index load", "--into-empty");
  }

  @Test
  void goesOnAfterAKill() throws Exception {
    // given
    int count = 400_000;
    StringBuilder rows = new StringBuilder(HEADER);
    for (int row = 0; row < count; row++) {
      rows.append(ROW.formatted(row % 1000, row));
    }
    Path file = file("many.csv", rows.toString());
    JdbcClient outside = database.client();
    index("report");

    // when
    Process killed = start("index", arguments("load", file.toString()));
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofMinutes(2))
        .until(() -> committed(outside) > 0);
    killed.destroyForcibly().waitFor();
    long before = committed(outside);
    Ended ended =
        org.awaitility.Awaitility.await()
            .atMost(java.time.Duration.ofMinutes(2))
            .until(() -> index("load", file.toString()), run -> run.code() == 0);

    // then
    assertThat(before).isPositive().isLessThan(count);
    assertThat(ended.err()).contains("from behind the ");
    assertThat(committed(outside)).isEqualTo(count);
    assertThat(outside.sql("SELECT count(*) FROM engagement").query(Long.class).single())
        .isEqualTo(count);
  }

  private static long committed(JdbcClient outside) {
    return outside
        .sql("SELECT coalesce(sum(rows_committed), 0) FROM bulk_load")
        .query(Long.class)
        .single();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Ended index(String... words) throws IOException, InterruptedException {
    return run(arguments(words));
  }

  private Ended labs(String... words) throws IOException, InterruptedException {
    return ended(start("labs", arguments(words)));
  }

  private List<String> arguments(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--spring.datasource.url=" + database.url());
    all.add("--samflode.index.require-durability=false");
    return all;
  }

  private Ended run(List<String> arguments) throws IOException, InterruptedException {
    return ended(start("index", arguments));
  }

  private Ended ended(Process process) throws IOException, InterruptedException {
    int code = process.waitFor();
    return new Ended(code, text("out"), text("err"));
  }

  private Process start(String group, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(group));
    words.addAll(arguments);
    return start(words);
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SamflodeApplication.class.getName()));
    command.addAll(arguments);
    command.add("--samflode.index.hsa-id=SE2321000016-EI01");
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private String text(String stream) throws IOException {
    return Files.readString(folder.resolve(stream), StandardCharsets.UTF_8);
  }
}
