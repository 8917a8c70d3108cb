package se.samflode.bench.objects;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ProcessingStatus header as classes. */
@XmlType(name = "ProcessingStatusType", namespace = LabOutcome.HEADERS)
@XmlAccessorType(XmlAccessType.FIELD)
class Status {

  @XmlElement(name = "ProcessingStatusList")
  List<Source> sources = new ArrayList<>();

  @XmlType(name = "ProcessingStatusRecordType", namespace = LabOutcome.HEADERS)
  @XmlAccessorType(XmlAccessType.FIELD)
  static class Source {
    @Nullable String logicalAddress;
    @Nullable String statusCode;
    boolean isResponseFromCache;
    boolean isResponseInSynch;
    @Nullable String lastSuccessfulSynch;
  }
}
