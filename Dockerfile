# The packaged application: mvn -DskipTests package, then docker build -t samflode .
FROM eclipse-temurin:25-jre
RUN useradd --no-create-home --uid 10001 samflode
COPY target/samflode-0.1.0-SNAPSHOT.jar /opt/samflode/samflode.jar
USER 10001
WORKDIR /opt/samflode
EXPOSE 8080 8081 2575
ENTRYPOINT ["java", "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "samflode.jar"]
