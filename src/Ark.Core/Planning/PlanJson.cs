using System.Text.Json.Serialization;

namespace Ark.Core.Planning;

/// <summary>The JSON of plans: camelCase, enums by name, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(ProofRun))]
[JsonSerializable(typeof(RunInit))]
public sealed partial class PlanJson : JsonSerializerContext;
