using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Kernel.Json;
using Npgsql;

namespace Millrace.Kernel.Errors;

/// <summary>Turns every exception into the answer its route group has promised. Nothing of stack or SQL leaves the server.</summary>
internal sealed partial class ErrorHandler(IEnumerable<ConstraintError> constraints, ILogger<ErrorHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = 499;
            return true;
        }

        var error = Translate(exception);
        var traceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        if (error is UnexpectedError)
        {
            LogUnexpected(exception, httpContext.Request.Path, traceId);
        }

        var dialect = (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? httpContext.GetEndpoint())
            ?.Metadata.GetMetadata<ErrorDialect>() ?? DialectByPath.Of(httpContext) ?? ErrorDialect.Problem;
        var response = httpContext.Response;
        response.StatusCode = error.Status;
        response.ContentType = dialect.ContentType;
        response.Headers.CacheControl = "no-store";
        if (error is RateLimitedException limited)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(limited.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        else if (error.Status == 503)
        {
            response.Headers.RetryAfter = "5";
        }

        await JsonSerializer.SerializeAsync(response.Body, dialect.Write(error, traceId), AppJson.Options, cancellationToken);
        return true;
    }

    private DomainException Translate(Exception exception) => exception switch
    {
        DomainException domain => domain,
        BadHttpRequestException { StatusCode: 413 } => new TooLargeException("The request is too large."),
        BadHttpRequestException { StatusCode: 415 } => new UnsupportedMediaException("This media type is not taken here."),
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException bad => new MalformedRequestException(bad.Message.Length < 200 ? bad.Message : "The request could not be read."),
        JsonException json => FromJson(json),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.ForeignKeyViolation } broken =>
            constraints.FirstOrDefault(c => c.Constraint == broken.ConstraintName) is { } known
                ? new ConflictException(known.Code, known.Message)
                : new UnexpectedError(500, "internal_error", "Something went wrong on our side."),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new UnavailableException("too_slow", "This took too long and was stopped."),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new UnavailableException("storage_unavailable", "The disk is full; nothing was changed."),
        PostgresException { SqlState: PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire } =>
            new MalformedRequestException("The text holds a character that cannot be stored."),
        // A statement the database does not take is our mistake, and nobody would look for it behind a 503.
        PostgresException broken when !IsOfTheServer(broken) => new UnexpectedError(500, "internal_error", "Something went wrong on our side."),
        NpgsqlException or TimeoutException =>
            new UnavailableException("unavailable", "The database cannot be reached right now; nothing was changed."),
        _ => new UnexpectedError(500, "internal_error", "Something went wrong on our side."),
    };

    /// <summary>Connections, resources, operators, the system: what goes by without our doing.</summary>
    private static bool IsOfTheServer(PostgresException exception) =>
        exception.IsTransient || exception.SqlState is "25P03" || exception.SqlState[..2] is "08" or "53" or "57" or "58" or "XX";

    private static DomainException FromJson(JsonException json) => AppJson.IsShapeError(json)
        ? new InvalidInputException(AppJson.Pointer(json.Path), "validation_failed", "This value has the wrong type or is missing or unknown.")
        : new MalformedRequestException("The body is not valid JSON.");

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error on {Path}, trace {TraceId}")]
    private partial void LogUnexpected(Exception exception, string path, string traceId);

    private sealed class UnexpectedError(int status, string code, string message) : DomainException(status, code, message);

    private sealed class UnavailableException(string code, string message) : DomainException(503, code, message);
}

/// <summary>A named constraint that stands for a rule: its violation is this conflict, not a bug. Registered by the module that owns the table.</summary>
public sealed record ConstraintError(string Constraint, string Code, string Message);

/// <summary>The dialect of requests that never reached an endpoint (404, 405), by prefix.</summary>
public static class DialectByPath
{
    private static readonly List<(string Prefix, ErrorDialect Dialect)> Prefixes = [];

    public static void Register(string prefix, ErrorDialect dialect)
    {
        lock (Prefixes)
        {
            if (!Prefixes.Any(p => p.Prefix == prefix))
            {
                Prefixes.Add((prefix, dialect));
            }
        }
    }

    internal static ErrorDialect? Of(HttpContext context)
    {
        lock (Prefixes)
        {
            return Prefixes.FirstOrDefault(p => context.Request.Path.StartsWithSegments(p.Prefix, StringComparison.OrdinalIgnoreCase)).Dialect;
        }
    }
}
