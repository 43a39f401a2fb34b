namespace Millrace.Kernel.Errors;

/// <summary>The error shape a route group has promised its callers. Put on the group as metadata.</summary>
/// <param name="ContentType">Of the answer.</param>
/// <param name="Write">Makes the body from the exception and the trace id.</param>
public sealed record ErrorDialect(string ContentType, Func<DomainException, string, object> Write)
{
    /// <summary>RFC 9457 <c>problem+json</c> with <c>code</c>, <c>errors</c> and <c>trace_id</c>.</summary>
    public static readonly ErrorDialect Problem = new("application/problem+json", static (e, traceId) => new ProblemBody(
        "about:blank", e.Message, e.Status, e.Code, traceId, (e as InvalidInputException)?.Errors));
}

/// <summary>The body of an error under <c>/api/app</c>.</summary>
/// <param name="Title">A sentence for a person.</param>
/// <param name="Status">As in the status line.</param>
/// <param name="Code">snake_case, stable.</param>
/// <param name="TraceId">To find the request in the logs.</param>
/// <param name="Errors">Per field, for 422.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Code, string TraceId, IReadOnlyList<FieldError>? Errors);
