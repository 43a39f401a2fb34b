using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary>An error in the words and numbers that Postmark's clients know.</summary>
internal sealed class PostmarkException(int errorCode, string message, int status = 422) : DomainException(status, "postmark", message)
{
    public int ErrorCode { get; } = errorCode;
}

/// <summary>The surface that speaks as Postmark's API does: <c>/postmark/...</c>, and the root of a host of its own where the operator has named one.</summary>
internal static class PostmarkDialect
{
    public const int BounceUnknown = 407;
    public const int BounceQuery = 408;
    public const int MessageQuery = 700;
    public const int MessageUnknown = 701;
    public const int TemplateQuery = 1100;
    public const int TemplateInvalid = 1109;
    public const int StreamInvalid = 1221;
    public const int StreamUnknown = 1226;
    public const int WebhookUnknown = 1301;
    public const int WebhookInvalid = 1302;
    private const int SmallBody = 1024 * 1024;

    /// <summary>Members in any case, nothing refused for being unknown: clients of all ages send here.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNameCaseInsensitive = true,
        MaxDepth = 32,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default,
    };

    private static readonly ErrorDialect Errors = new("application/json", static (e, _) => new JsonObject { ["ErrorCode"] = CodeOf(e), ["Message"] = e.Message });

    /// <summary>The groups to map a resource into.</summary>
    public static IEnumerable<RouteGroupBuilder> Groups(ModuleRoutes routes)
    {
        var services = ((IEndpointRouteBuilder)routes.Public).ServiceProvider;
        var gate = services.GetRequiredService<PostmarkGate>();
        yield return Marked(routes.Public.MapGroup("/postmark"));
        if (services.GetRequiredService<IOptions<TransactionalOptions>>().Value.Host is { Length: > 0 } host)
        {
            yield return Marked(routes.Public.MapGroup("").RequireHost(host));
        }

        RouteGroupBuilder Marked(RouteGroupBuilder group)
        {
            group.WithMetadata(Errors, gate);
            group.RequirePermission(Permission.Use);
            group.ExcludeFromDescription();
            return group;
        }
    }

    public static IResult Answer(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    public static async Task<T> ReadAsync<T>(HttpContext http, CancellationToken cancellationToken) =>
        Parse<T>(await BytesAsync(http, SmallBody, cancellationToken));

    /// <exception cref="PostmarkException">413: the body is longer.</exception>
    public static async Task<byte[]> BytesAsync(HttpContext http, int most, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        using var bytes = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, most));
        await http.Request.Body.CopyToAsync(bytes, cancellationToken);
        return bytes.Length <= most ? bytes.ToArray() : throw new TooLargeException("The request is too large.");
    }

    /// <exception cref="PostmarkException">402: not JSON; 403: JSON of another shape.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body)
    {
        // Half a surrogate pair or a NUL behind an escape would pass the reader and break whoever reads the value.
        if (body.Span.IndexOf("\\u"u8) >= 0)
        {
            Storable(System.Text.Encoding.UTF8.GetString(body.Span));
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Json) ?? throw new PostmarkException(402, "The body is empty.");
        }
        catch (JsonException e) when (AppJson.IsShapeError(e))
        {
            throw new PostmarkException(403, $"The body does not have the expected shape at {e.Path}.");
        }
        catch (JsonException)
        {
            throw new PostmarkException(402, "The body is not valid JSON.");
        }
    }

    private static void Storable(string json)
    {
        try
        {
            StorableText.Json(json);
        }
        catch (MalformedRequestException e)
        {
            throw new PostmarkException(300, e.Message);
        }
    }

    /// <param name="errorCode">What a bad value is answered with.</param>
    public static (int Count, int Offset) Page(HttpRequest request, int errorCode, int most = 500)
    {
        var (count, offset) = (Number(request, "count", 100, errorCode), Number(request, "offset", 0, errorCode));
        return count >= 1 && count <= most && offset >= 0 && count + offset <= 10_000
            ? (count, offset)
            : throw new PostmarkException(errorCode, $"count is 1 to {most}, and count and offset together at most 10,000.");
    }

    public static string? Query(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text
        ? text.Contains('\0', StringComparison.Ordinal) ? throw new PostmarkException(300, $"{name} contains a character that cannot be.") : text
        : null;

    /// <summary>A day or an instant; null when it is not given.</summary>
    public static DateTimeOffset? Instant(HttpRequest request, string name, int errorCode) => Query(request, name) is not { } text ? null
        : DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime()
        : throw new PostmarkException(errorCode, $"{name} is no date such as 2026-01-31.");

    private static int Number(HttpRequest request, string name, int otherwise, int errorCode) => Query(request, name) is not { } text ? otherwise
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw new PostmarkException(errorCode, $"{name} is no number.");

    private static int CodeOf(DomainException error) => error switch
    {
        PostmarkException known => known.ErrorCode,
        UnauthenticatedException => 10,
        RateLimitedException => 429,
        MalformedRequestException => 402,
        UnsupportedMediaException => 409,
        TooLargeException => 300,
        InvalidInputException => 300,
        ConflictException => 300,
        NotFoundException => 404,
        _ => error.Status,
    };
}
