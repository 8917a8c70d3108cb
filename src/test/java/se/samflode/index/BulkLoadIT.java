package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.DOMAIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.samflode.config.CannotStart;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.PersonId;

class BulkLoadIT {

  private static final String HEADER =
      "registeredResidentIdentification,serviceDomain,categorization,logicalAddress,"
          + "businessObjectInstanceIdentifier,clinicalProcessInterestId,mostRecentContent,"
          + "sourceSystem,dataController\n";
  private static final String OTHER_DOMAIN = "riv:clinicalprocess:healthcond:description";
  private static final BulkLoad.Options USUAL = new BulkLoad.Options(false, false, 0);
  private static final BulkLoad.Options INTO_EMPTY = new BulkLoad.Options(true, false, 0);
  private static final int CHUNK = 10;

  @TempDir private Path folder;

  private IndexFixture fixture;
  private BulkLoad load;
  private Heard heard;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
    UpdateRules rules = new UpdateRules(fixture.settings);
    load = new BulkLoad(fixture.pool, new FileLoad.LoadRules(fixture.settings, rules, CHUNK));
    heard = new Heard();
  }

  @AfterEach
  void closePool() {
    fixture.close();
  }

  @Test
  void storesARowAsAnUpdateWould() throws IOException {
    // given
    fixture.writer.update(List.of(BOOKING.add()));
    Engagement updated = everything("booking-1");
    fixture.outside.sql("DELETE FROM engagement").update();

    // when
    load.load(List.of(file(row("202312302397", "booking-1", "20261124093000"))), USUAL, heard);

    // then
    assertThat(everything("booking-1"))
        .usingRecursiveComparison()
        .ignoringFields("creationTime")
        .isEqualTo(updated);
    fixture.writer.update(List.of(BOOKING.add()));
    assertThat(fixture.count("engagement")).isEqualTo(1);
  }

  @Test
  void raisesOneVersionPerChunkDomainAndAddressAndTellsTheFeedNothing() throws IOException {
    // given
    Path file = file(rows(0, 3 * CHUNK));

    // when
    load.load(List.of(file), USUAL, heard);

    // then
    assertThat(
            fixture
                .outside
                .sql("SELECT address || ' ' || version FROM address_version ORDER BY address")
                .query(EngagementColumns::text)
                .list())
        .containsExactly("SE2321000016-A001 3", "SE2321000016-S001 3");
    assertThat(fixture.count("version")).isZero();
    assertThat(fixture.count("change")).isZero();
    assertThat(
            fixture.index.whatToAsk(
                new PersonId("reserve-1"), DOMAIN, Set.of(), CalledAddress.LOGICAL_ADDRESS))
        .extracting(IndexHit::version)
        .containsExactly(3L);
  }

  @Test
  void tellsSubscribersToSeedAnewAndGetUpdatesThatTheFeedLacksRows() throws IOException {
    // given
    fixture
        .outside
        .sql(
            """
            INSERT INTO subscriber (address, first_seen, seed_anew_since)
            VALUES ('SE1', clock_timestamp(), clock_timestamp() - INTERVAL '1 day')\
            """)
        .update();

    // when
    load.load(List.of(file(rows(0, 1))), USUAL, heard);

    // then
    assertThat(
            fixture
                .outside
                .sql(
                    """
                    SELECT (SELECT seed_anew_since > first_seen FROM subscriber)
                       AND (SELECT complete_from >= (SELECT min(changed_at) FROM address_version)
                              FROM feed_state)\
                    """)
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void appliesTheSameRuleForOlderContentAsAnUpdate() throws IOException {
    // given
    Path first =
        file(
            row("reserve-1", "a", "20260102000000")
                + row("reserve-1", OTHER_DOMAIN, "b", "20260102000000"));
    Path second =
        file(
            row("reserve-1", "a", "20260101000000")
                + row("reserve-1", OTHER_DOMAIN, "b", "20260101000000"));

    // when
    load.load(List.of(first, second), USUAL, heard);

    // then
    assertThat(contents()).containsExactly("a 20260101000000 t", "b 20260102000000 f");
  }

  @Test
  void goesOnWhereItWasStopped() throws IOException {
    // given
    Path file = file(rows(0, 2 * CHUNK) + row("reserve-1", "poison", "20260101000000"));
    fixture
        .outside
        .sql(
            "ALTER TABLE engagement ADD CONSTRAINT none CHECK"
                + " (business_object_instance_identifier <> 'poison')")
        .update();
    assertThatThrownBy(() -> load.load(List.of(file), USUAL, heard))
        .isInstanceOf(IndexUnavailable.class)
        .hasNoCause();
    assertThat(fixture.count("engagement")).isEqualTo(2 * CHUNK);
    fixture.outside.sql("ALTER TABLE engagement DROP CONSTRAINT none").update();

    // when
    load.load(List.of(file), USUAL, heard);
    load.load(List.of(file), USUAL, heard);

    // then
    assertThat(heard.begun).containsExactly(0L, 2L * CHUNK);
    assertThat(heard.ended).containsExactly(new LoadedFile("file-0.csv", 2 * CHUNK + 1, 1, 0));
    assertThat(heard.passedBy).containsExactly("file-0.csv");
    assertThat(fixture.count("engagement")).isEqualTo(2 * CHUNK + 1);
  }

  @Test
  void loadsAgainWhenToldTo() throws IOException {
    // given
    Path file = file(rows(0, 5));
    load.load(List.of(file), USUAL, heard);
    fixture.outside.sql("DELETE FROM engagement").update();

    // when
    load.load(List.of(file), new BulkLoad.Options(false, true, 0), heard);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ,riv:x,C,A,b,NA,,S,D                | registeredResidentIdentification is missing
          reserve-9,riv:x,C,A,b,NA,yesterday,S,D | mostRecentContent is no time yyyyMMddHHmmss
          reserve-9,riv:x,C,A,b,NA,20260230000000,S,D | mostRecentContent is no time yyyyMMddHHmmss
          reserve-9,riv:x,C,A ,b,NA,,S,D      | logicalAddress has white space at its beginning or end
          reserve-9,riv:x,C,A,b,NA,,SE2321000016-EI01,D | sourceSystem is reserved
          reserve-9,riv:x,C,A,b\u0007b,NA,,S,D | businessObjectInstanceIdentifier has a character that XML cannot carry
          reserve-9,riv:x,C,A,b,NA,,S         | it has not as many values as there are columns
          reserve-90123456789012345678901234567,riv:x,C,A,b,NA,,S,D | registeredResidentIdentification is too long
          """)
  void refusesALineThatBreaksARuleByLineAndRule(String line, String rule) throws IOException {
    // given
    Path file = file(rows(0, CHUNK) + line + "\n" + row("reserve-1", "last", ""));

    // when
    var loading = assertThatThrownBy(() -> load.load(List.of(file), USUAL, heard));

    // then
    loading.isInstanceOf(CommandRefused.class).hasMessageNotContaining("reserve-9");
    assertThat(heard.refused).containsExactly((CHUNK + 2) + " " + rule);
    assertThat(fixture.count("engagement")).isEqualTo(CHUNK);
  }

  @Test
  void leavesOutAsManyLinesAsItIsTold() throws IOException {
    // given
    Path file = file(rows(0, CHUNK) + row("", "x", "") + row("reserve-1", "last", ""));

    // when
    load.load(List.of(file), new BulkLoad.Options(false, false, 1), heard);

    // then
    assertThat(heard.ended).containsExactly(new LoadedFile("file-0.csv", CHUNK + 1, CHUNK + 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b                      | Line 1: columns are missing
          ''                       | The file is empty
          """)
  void refusesAFileWithOtherColumns(String content, String text) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("other.csv"), content);

    // when
    var loading = assertThatThrownBy(() -> load.load(List.of(file), USUAL, heard));

    // then
    loading.isInstanceOf(CommandRefused.class).hasMessageContaining(text);
  }

  @Test
  void refusesWhatIsNotUtf8() throws IOException {
    // given
    Path file = folder.resolve("latin1.csv");
    Files.write(
        file,
        (HEADER + row("reserve-1", "bokning-å", ""))
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

    // when
    var loading = assertThatThrownBy(() -> load.load(List.of(file), USUAL, heard));

    // then
    loading.isInstanceOf(CommandRefused.class).hasMessageContaining("not UTF-8");
  }

  @Test
  void letsUpdatesOfTheSameRowsThroughBesideIt() throws Exception {
    // given
    Path file = file(rows(0, 40 * CHUNK));
    List<EngagementTransaction> same =
        IntStream.range(0, 200)
            .mapToObj(
                n -> BOOKING.resident("reserve-" + (200 - n)).businessObject("b" + (200 - n)).add())
            .toList();

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> loading = threads.submit(() -> load.load(List.of(file), USUAL, heard));
      while (!loading.isDone()) {
        fixture.writer.update(same);
      }
      loading.get();
    }

    // then
    assertThat(fixture.count("engagement")).isEqualTo(40 * CHUNK);
  }

  @Test
  void makesTheSameIndexesWhenTheIndexWasEmpty() throws IOException {
    // given
    List<String> before = indexes();

    // when
    load.load(List.of(file(rows(0, 5 * CHUNK))), INTO_EMPTY, heard);

    // then
    assertThat(indexes()).isEqualTo(before);
    assertThat(fixture.count("engagement")).isEqualTo(5 * CHUNK);
    fixture.writer.update(List.of(BOOKING.resident("reserve-1").businessObject("b1").add()));
    assertThat(fixture.count("engagement")).isEqualTo(5 * CHUNK);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void leavesOfAKeyThatStandsTwiceWhatUpdatesWouldHaveLeft() throws IOException {
    // given
    String twice =
        row("reserve-1", "b1", "20260105000000")
            + row("reserve-1", OTHER_DOMAIN, "c1", "20260105000000")
            + row("reserve-2", OTHER_DOMAIN, "c2", "")
            + rows(100, CHUNK)
            + row("reserve-1", "b1", "20260103000000")
            + row("reserve-1", OTHER_DOMAIN, "c1", "20260104000000")
            + row("reserve-2", OTHER_DOMAIN, "c2", "20260102000000")
            + row("reserve-2", OTHER_DOMAIN, "c2", "20260101000000");

    // when
    load.load(List.of(file(twice)), INTO_EMPTY, heard);

    // then
    assertThat(heard.duplicates).isEqualTo(3);
    assertThat(contents().stream().filter(c -> c.matches("b1 .*|c[12] .*")))
        .containsExactly("b1 20260103000000 f", "c1 20260105000000 f", "c2 20260102000000 f");
  }

  @Test
  void finishesALoadIntoTheEmptyIndexThatWasStopped() throws IOException {
    // given
    Path whole = file(rows(0, 2 * CHUNK));
    Path broken = file(rows(50, CHUNK) + row("", "x", ""));
    assertThatThrownBy(() -> load.load(List.of(whole, broken), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class);
    assertThatThrownBy(() -> new UnfinishedLoad(fixture.pool))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("has not been finished");
    assertThatThrownBy(() -> fixture.writer.update(List.of(BOOKING.add())))
        .isInstanceOf(IndexUnavailable.class);
    assertThatThrownBy(() -> load.load(List.of(whole), USUAL, heard))
        .isInstanceOf(CommandRefused.class)
        .hasMessageContaining("--into-empty");
    assertThatThrownBy(() -> load.load(List.of(whole), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class)
        .hasMessageContaining("file-1.csv");

    // when
    load.load(List.of(whole, broken), new BulkLoad.Options(true, false, 1), heard);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(3 * CHUNK);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void takesAFileThatWasCorrectedForTheOneThatItReplaces() throws IOException {
    // given
    Path whole = file(rows(0, CHUNK));
    Path broken = file(rows(50, CHUNK) + row("", "x", ""));
    assertThatThrownBy(() -> load.load(List.of(whole, broken), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class);
    assertThat(fixture.count("engagement")).isEqualTo(2 * CHUNK);
    Path corrected = Files.writeString(broken, HEADER + rows(50, CHUNK + 1));

    // when
    load.load(List.of(whole, corrected), INTO_EMPTY, heard);

    // then
    assertThat(heard.duplicates).isEqualTo(CHUNK);
    assertThat(fixture.count("engagement")).isEqualTo(2 * CHUNK + 1);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void takesNoFileForAnotherOfItsNameElsewhere() throws IOException {
    // given
    Path broken = file(rows(50, CHUNK) + row("", "x", ""));
    assertThatThrownBy(() -> load.load(List.of(broken), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class);
    Path elsewhere = Files.createDirectory(folder.resolve("other")).resolve(broken.getFileName());
    Files.writeString(elsewhere, HEADER + rows(0, CHUNK));

    // when
    var loading = assertThatThrownBy(() -> load.load(List.of(elsewhere), INTO_EMPTY, heard));

    // then
    loading.isInstanceOf(CommandRefused.class).hasMessageContaining(broken.toString());
  }

  @Test
  void takesAFileUnderItsOldNameWhenItIsLoadedAgain() throws IOException {
    // given
    Path broken = file(rows(50, CHUNK) + row("", "x", ""));
    assertThatThrownBy(() -> load.load(List.of(broken), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class);
    Path corrected = file(rows(50, CHUNK + 1));
    assertThatThrownBy(() -> load.load(List.of(corrected), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class)
        .hasMessageContaining("file-0.csv");
    Files.move(corrected, broken, StandardCopyOption.REPLACE_EXISTING);

    // when
    load.load(List.of(broken), new BulkLoad.Options(true, true, 0), heard);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(CHUNK + 1);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void doesNotWaitForAFileOfWhichNothingIsStored() throws IOException {
    // given
    Path misspelt = Files.writeString(folder.resolve("misspelt.csv"), "resident,domain\n");
    assertThatThrownBy(() -> load.load(List.of(misspelt), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class);

    // when
    load.load(List.of(file(rows(0, CHUNK))), INTO_EMPTY, heard);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(CHUNK);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void saysThatTheIndexIsInUse() throws Exception {
    // given
    Path file = file(rows(0, 1));
    try (Connection using = fixture.pool.getConnection();
        Statement statement = using.createStatement()) {
      using.setAutoCommit(false);
      statement.execute("LOCK TABLE engagement IN ACCESS SHARE MODE");

      // when
      var loading = assertThatThrownBy(() -> load.load(List.of(file), INTO_EMPTY, heard));

      // then
      loading.isInstanceOf(CommandRefused.class).hasMessageContaining("Stop Samflöde");
    }
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void finishesALoadIntoTheEmptyIndexThatWasStoppedAfterItsLastIndex() throws IOException {
    // given
    Path file = file(rows(0, 2 * CHUNK));
    load.load(List.of(file), INTO_EMPTY, heard);
    fixture.outside.sql("ALTER TABLE engagement ALTER creation_time SET DEFAULT now()").update();
    assertThatThrownBy(() -> new UnfinishedLoad(fixture.pool)).isInstanceOf(CannotStart.class);
    Path other = file(rows(CHUNK, 2 * CHUNK));
    assertThatThrownBy(() -> load.load(List.of(file, other), INTO_EMPTY, heard))
        .isInstanceOf(CommandRefused.class)
        .hasMessageContaining("without --into-empty");

    // when
    load.load(List.of(file), INTO_EMPTY, heard);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(2 * CHUNK);
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void loadsIntoTheEmptyIndexOnlyIfItIsEmpty() throws IOException {
    // given
    fixture.writer.update(List.of(BOOKING.add()));
    Path file = file(rows(0, 1));

    // when
    var loading = assertThatThrownBy(() -> load.load(List.of(file), INTO_EMPTY, heard));

    // then
    loading.isInstanceOf(CommandRefused.class).hasMessageContaining("not empty");
    assertThatNoException().isThrownBy(() -> new UnfinishedLoad(fixture.pool));
  }

  @Test
  void countsRowsAndResidentsOfEachSourceSystem() throws IOException {
    // given
    load.load(
        List.of(file(rows(0, 30) + row("reserve-1", "more", "") + row("reserve-2", "more", ""))),
        USUAL,
        heard);
    fixture.writer.update(List.of(BOOKING.sourceSystem("SE2321000016-S000").add()));
    IndexReport report = new IndexReport(fixture.pool);

    // when
    List<IndexReport.Line> all = report.count(null);
    List<IndexReport.Line> one = report.count("SE2321000016-S001");

    // then
    assertThat(all)
        .extracting(line -> line.sourceSystem() + " " + line.rows() + " " + line.residents())
        .containsExactly("SE2321000016-S000 1 1", "SE2321000016-S001 32 30");
    assertThat(one).containsExactly(all.getLast());
  }

  /** Rows of as many residents, numbered. */
  private static String rows(int from, int count) {
    StringBuilder rows = new StringBuilder();
    for (int number = from; number < from + count; number++) {
      rows.append(row("reserve-" + number, "b" + number, "20260101000000"));
    }
    return rows.toString();
  }

  private static String row(String resident, String object, String time) {
    return row(resident, DOMAIN, object, time);
  }

  private static String row(String resident, String domain, String object, String time) {
    return String.join(
            ",",
            resident,
            domain,
            "Booking",
            "SE2321000016-A001",
            object,
            "NA",
            time,
            "SE2321000016-S001",
            "\"SE2321000016-0001\"")
        + "\n";
  }

  private Path file(String rows) throws IOException {
    Path file = folder.resolve("file-" + heard.files++ + ".csv");
    return Files.writeString(file, HEADER + rows);
  }

  private Engagement everything(String object) {
    return fixture
        .index
        .find(
            new FindContentQuery(
                "202312302397", DOMAIN, null, null, object, null, null, null, null, null))
        .getFirst();
  }

  /** Object, content time and whether it has been changed, of each row. */
  private List<String> contents() {
    return fixture
        .outside
        .sql(
            """
            SELECT concat_ws(' ', business_object_instance_identifier,
                             to_char(most_recent_content, 'YYYYMMDDHH24MISS'),
                             update_time IS NOT NULL)
              FROM engagement ORDER BY 1\
            """)
        .query(EngagementColumns::text)
        .list();
  }

  /** All indexes of engagements and their partitions, without the names of those of partitions. */
  private List<String> indexes() {
    return fixture
        .outside
        .sql(
            """
            SELECT regexp_replace(
                     regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX engagement_\\d\\S+', 'INDEX'),
                     '^', i.indrelid::regclass || ' ' || i.indisvalid || ' ' || i.indisprimary || ' ')
                   || coalesce((SELECT a.attname || ' ' || pg_get_expr(d.adbin, d.adrelid)
                                  FROM pg_attrdef d JOIN pg_attribute a
                                    ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                                 WHERE d.adrelid = i.indrelid LIMIT 1), '')
              FROM pg_index i
             WHERE i.indrelid::regclass::text LIKE 'engagement%'
             ORDER BY 1\
            """)
        .query(EngagementColumns::text)
        .list();
  }

  /** Remembers what it was told. */
  private static final class Heard implements LoadProgress {

    private final List<Long> begun = new ArrayList<>();
    private final List<String> passedBy = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<LoadedFile> ended = new ArrayList<>();
    private int files;
    private @Nullable Long duplicates;

    @Override
    public void recognising(String file) {}

    @Override
    public void passedBy(String file) {
      passedBy.add(file);
    }

    @Override
    public void began(String file, long bytes, long rowsBefore) {
      begun.add(rowsBefore);
    }

    @Override
    public void refused(long line, String rule) {
      refused.add(line + " " + rule);
    }

    @Override
    public void advanced(long bytes, long rows) {}

    @Override
    public void ended(LoadedFile file) {
      ended.add(file);
    }

    @Override
    public void indexing(int made, int all) {}

    @Override
    public void indexed(long dropped) {
      duplicates = dropped;
    }
  }
}
