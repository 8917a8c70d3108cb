package se.samflode.bench.objects;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.jws.WebService;
import jakarta.xml.ws.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.cxf.Bus;
import org.apache.cxf.BusFactory;
import org.apache.cxf.frontend.ClientProxy;
import org.apache.cxf.jaxws.EndpointImpl;
import org.apache.cxf.jaxws.JaxWsProxyFactoryBean;
import org.apache.cxf.transport.http.HTTPConduit;
import org.apache.cxf.transport.servlet.CXFNonSpringServlet;
import org.apache.cxf.transports.http.configuration.HTTPClientPolicy;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.bench.objects.LabOutcome.Answer;
import se.samflode.bench.objects.LabOutcome.Question;
import se.samflode.testing.ApplicationProcess;

/**
 * GetLaboratoryOrderOutcome 3, aggregated the usual way: CXF publishes and calls, every answer
 * becomes objects and every object XML again. It does less than a real one, so that the comparison
 * is in its favour: the index is asked in SQL and not over SOAP, nobody is checked, no deadline
 * holds, nothing is logged or counted, no answer is validated. Thread-safe.
 */
@WebService(
    targetNamespace = Laboratory.NAMESPACE,
    endpointInterface = "se.samflode.bench.objects.Laboratory")
public final class ObjectAggregator implements Laboratory {

  private static final String WHOM_TO_ASK =
      """
      SELECT DISTINCT source_system FROM engagement
       WHERE resident = :resident
         AND service_domain = 'riv:clinicalprocess:healthcond:actoutcome'
         AND categorization = 'und-kkm-ure'\
      """;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);

  /** As many calls at a time as the benchmark's callers need at most: none waits for a thread. */
  private static final int CALLS = 32 * 21;

  private final JdbcClient index;
  private final String producers;
  private final Bus bus;
  private final Clock clock = Clock.system(ZoneId.of("Europe/Stockholm"));
  private final Map<String, Laboratory> clients = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLS);

  private ObjectAggregator(JdbcClient index, String producers, Bus bus) {
    this.index = index;
    this.producers = producers;
    this.bus = bus;
  }

  private record Called(String address, CompletableFuture<Answer> answer) {}

  @Override
  public Answer ask(String logicalAddress, Question question, Holder<Status> status) {
    String resident = question.patientId == null ? null : question.patientId.id;
    List<Called> calls =
        index
            .sql(WHOM_TO_ASK)
            .param("resident", resident)
            .query((row, number) -> row.getString("source_system"))
            .list()
            .stream()
            .map(address ->
                new Called(
                    address,
                    CompletableFuture.supplyAsync(
                        () -> client(address).ask(address, question, new Holder<>()), threads)))
            .toList();
    Answer merged = new Answer();
    status.value = new Status();
    for (Called call : calls) {
      merged.laboratoryOrderOutcome.addAll(call.answer().join().laboratoryOrderOutcome);
      status.value.sources.add(fromSource(call.address()));
    }
    merged.result = new LabOutcome.Result();
    merged.result.resultCode = "INFO";
    merged.result.logId = "NA";
    return merged;
  }

  private Status.Source fromSource(String address) {
    Status.Source source = new Status.Source();
    source.logicalAddress = address;
    source.statusCode = "DataFromSource";
    source.isResponseInSynch = true;
    source.lastSuccessfulSynch = LocalDateTime.now(clock).format(SECONDS);
    return source;
  }

  /** A client is made once for each address: that takes long. */
  private Laboratory client(String address) {
    return clients.computeIfAbsent(address, this::newClient);
  }

  private Laboratory newClient(String address) {
    JaxWsProxyFactoryBean factory = new JaxWsProxyFactoryBean();
    factory.setBus(bus);
    factory.setServiceClass(Laboratory.class);
    factory.setAddress(producers + "/" + address);
    Laboratory client = (Laboratory) factory.create();
    HTTPClientPolicy policy = new HTTPClientPolicy();
    policy.setVersion("1.1");
    policy.setConnectionTimeout(2000);
    policy.setReceiveTimeout(27_000);
    policy.setAllowChunking(false);
    ((HTTPConduit) ClientProxy.getClient(client).getConduit()).setClient(policy);
    return client;
  }

  /**
   * Serves until the process is ended; prints its port.
   *
   * @param args the index's JDBC address, and the producers' address without a path
   */
  public static void main(String[] args) throws Exception {
    ApplicationProcess.onlyLogFigures();
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(args[0]);
    pool.setUsername("postgres");
    pool.setMaximumPoolSize(10);
    Bus bus = BusFactory.newInstance().createBus();
    Tomcat tomcat = serve(bus);
    ObjectAggregator aggregator =
        new ObjectAggregator(JdbcClient.create(new HikariDataSource(pool)), args[1], bus);
    new EndpointImpl(bus, aggregator).publish("/lab");
    System.out.println("port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private static Tomcat serve(Bus bus) throws LifecycleException, IOException {
    Path folder = Files.createTempDirectory("object-aggregator");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", folder.toString());
    CXFNonSpringServlet servlet = new CXFNonSpringServlet();
    servlet.setBus(bus);
    Tomcat.addServlet(context, "cxf", servlet).setLoadOnStartup(1);
    context.addServletMappingDecoded("/*", "cxf");
    tomcat.start();
    return tomcat;
  }
}
