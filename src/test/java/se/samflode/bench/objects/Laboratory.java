package se.samflode.bench.objects;

import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.jws.soap.SOAPBinding;
import jakarta.xml.ws.Holder;

/** GetLaboratoryOrderOutcome 3 as an interface, such as a generator makes of its WSDL. */
@WebService(targetNamespace = Laboratory.NAMESPACE)
@SOAPBinding(parameterStyle = SOAPBinding.ParameterStyle.BARE)
interface Laboratory {

  /** The namespace of the WSDL. */
  String NAMESPACE =
      "urn:riv:clinicalprocess:healthcond:actoutcome:GetLaboratoryOrderOutcome:3:rivtabp21";

  /**
   * Asks about a resident.
   *
   * @param status what an aggregator adds; producers leave it out
   */
  @WebMethod(
      operationName = "GetLaboratoryOrderOutcome",
      action = LabOutcome.OWN + ":GetLaboratoryOrderOutcome")
  @WebResult(
      name = "GetLaboratoryOrderOutcomeResponse",
      targetNamespace = LabOutcome.OWN,
      partName = "parameters")
  LabOutcome.Answer ask(
      @WebParam(
              name = "LogicalAddress",
              targetNamespace = "urn:riv:itintegration:registry:1",
              header = true,
              partName = "LogicalAddress")
          String logicalAddress,
      @WebParam(
              name = "GetLaboratoryOrderOutcome",
              targetNamespace = LabOutcome.OWN,
              partName = "parameters")
          LabOutcome.Question question,
      @WebParam(
              name = "ProcessingStatus",
              targetNamespace = LabOutcome.HEADERS,
              header = true,
              mode = WebParam.Mode.OUT,
              partName = "ProcessingStatus")
          Holder<Status> status);
}
