package se.samflode.api.rivta;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import se.samflode.access.Consumers;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.PlatformSettings;
import se.samflode.federation.Federation;

/**
 * All that is published: the beans of type {@link SoapOperation}, and one operation for each
 * contract of the catalogue. Immutable.
 */
@Component
final class Operations {

  private final List<SoapOperation> all;

  Operations(
      List<SoapOperation> beans,
      Contracts contracts,
      Federation federation,
      Consumers consumers,
      PlatformSettings platform) {
    List<SoapOperation> operations = new ArrayList<>(beans);
    for (Contract contract : contracts.all()) {
      operations.add(new AggregatingOperation(contract, federation, consumers, platform));
    }
    all = List.copyOf(operations);
  }

  List<SoapOperation> all() {
    return all;
  }
}
