using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ark.Web.Answers;

/// <summary>
/// What a handler returns: a value or a <see cref="Refusal"/>. It is its own HTTP result, so that a handler is mapped as it stands, and pages read the
/// same answer.
/// </summary>
public sealed class Answer<T> : IResult, IEndpointMetadataProvider where T : class
{
    private Answer(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value)), MemberNotNullWhen(false, nameof(Refusal))]
    public bool Ok => Value is not null;

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Refusal refusal) => new(null, refusal);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (Ok)
        {
            await httpContext.Response.WriteAsJsonAsync(Value, options, httpContext.RequestAborted);
            return;
        }

        httpContext.Response.StatusCode = Refusal.Status;
        await httpContext.Response.WriteAsJsonAsync(Refusal, options, "application/problem+json", httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));
        foreach (var status in (int[])[400, 401, 403, 404, 409])
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Refusal), ["application/problem+json"]));
    }
}

/// <summary>The answer where nothing is left to say.</summary>
public sealed record Done
{
    public static Done Yes { get; } = new();

    public bool Ok => true;
}
