package se.samflode.api;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much this node does at the same time; beyond it callers are refused at once.
 *
 * @param questions questions in flight, over JSON and SOAP together, 1 to 8,000
 * @param batchPercent how much of that consumers that work in batches may have, 1 to 100
 * @param index SOAP requests to the engagement index in flight, 1 to 8,000
 * @param labs messages of labs over HTTP in flight, each held in memory as a whole, 1 to 1,000
 */
@Validated
@ConfigurationProperties("samflode.api.room")
record RoomSettings(
    @DefaultValue("1000") @Min(1) @Max(8000) int questions,
    @DefaultValue("50") @Min(1) @Max(100) int batchPercent,
    @DefaultValue("200") @Min(1) @Max(8000) int index,
    @DefaultValue("16") @Min(1) @Max(1000) int labs) {}
