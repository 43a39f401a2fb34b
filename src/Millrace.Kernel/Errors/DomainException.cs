namespace Millrace.Kernel.Errors;

/// <summary>Something the caller can understand and mostly mend. Everything else that is thrown is a bug or the world's failure.</summary>
public abstract class DomainException(int status, string code, string message) : Exception(message)
{
    /// <summary>HTTP status, 4xx.</summary>
    public int Status { get; } = status;

    /// <summary>snake_case, documented, never renamed.</summary>
    public string Code { get; } = code;
}

/// <summary>One thing wrong with the input.</summary>
/// <param name="Path">JSON pointer into the request body, or the name of the query parameter.</param>
/// <param name="Code">snake_case.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record FieldError(string Path, string Code, string Message);

/// <summary>422 <c>validation_failed</c> (or a more telling code): nothing was changed.</summary>
public sealed class InvalidInputException : DomainException
{
    public InvalidInputException(params IReadOnlyList<FieldError> errors)
        : base(422, errors is [var only] ? only.Code : "validation_failed", errors is [var first, ..] ? first.Message : "The input is not valid.")
    {
        Errors = errors;
    }

    public InvalidInputException(string path, string code, string message)
        : this(new FieldError(path, code, message))
    {
    }

    public IReadOnlyList<FieldError> Errors { get; }
}

/// <summary>400 <c>malformed_request</c>: the body or a parameter could not be read at all.</summary>
public sealed class MalformedRequestException(string message, string code = "malformed_request") : DomainException(400, code, message);

/// <summary>401 <c>unauthenticated</c>.</summary>
public sealed class UnauthenticatedException(string message = "Log in first.") : DomainException(401, "unauthenticated", message);

/// <summary>403.</summary>
public sealed class ForbiddenException(string message, string code = "forbidden") : DomainException(403, code, message);

/// <summary>404 <c>not_found</c>; the same for unknown and for foreign ids.</summary>
public sealed class NotFoundException(string message = "There is no such record.") : DomainException(404, "not_found", message);

/// <summary>409: the request is fine but the state of things is against it.</summary>
public sealed class ConflictException(string code, string message) : DomainException(409, code, message);

/// <summary>412 <c>version_conflict</c>: someone changed the record in between.</summary>
public sealed class VersionConflictException(string message) : DomainException(412, "version_conflict", message);

/// <summary>413 <c>too_large</c>.</summary>
public sealed class TooLargeException(string message) : DomainException(413, "too_large", message);

/// <summary>415 <c>unsupported_media_type</c>.</summary>
public sealed class UnsupportedMediaException(string message) : DomainException(415, "unsupported_media_type", message);

/// <summary>429 <c>rate_limited</c>.</summary>
/// <param name="retryAfter">When another try makes sense.</param>
public sealed class RateLimitedException(TimeSpan retryAfter) : DomainException(429, "rate_limited", "Too many requests; slow down.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
