using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;

namespace Millrace.Api.Dialect;

/// <summary>Reads a request body by its content, whatever media type the client claims, as existing clients need.</summary>
public static class V3Body
{
    private const int Limit = 1_000_000;

    /// <param name="wrapper">Name of the root member, for example <c>contact</c>; null when the body has none.</param>
    /// <exception cref="MalformedRequestException">Not JSON.</exception>
    /// <exception cref="InvalidInputException">JSON of another shape.</exception>
    /// <param name="limit">Most bytes taken.</param>
    /// <exception cref="TooLargeException">Longer than that.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, string? wrapper, CancellationToken cancellationToken, int limit = Limit)
    {
        var root = await ReadAsync(request, cancellationToken, limit);
        if (wrapper is not null)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(wrapper, out var inner) || inner.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidInputException($"/data/attributes/{wrapper}", "field_missing", $"The request has to hold the object \"{wrapper}\".");
            }

            root = inner;
        }

        try
        {
            return root.Deserialize<T>(V3Json.Options) ?? throw new MalformedRequestException("The body is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"/data/attributes{AppJson.Pointer(e.Path)}", "field_invalid", "This value has the wrong type.");
        }
    }

    public static async Task<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellationToken, int limit = Limit)
    {
        if (request.ContentLength > limit)
        {
            throw new TooLargeException($"The body may hold {limit / 1000} kilobytes.");
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                throw new TooLargeException($"The body may hold {limit / 1000} kilobytes.");
            }

            buffer.Write(chunk, 0, read);
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false };
            var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            var root = JsonElement.Parse(bytes, options);
            if (!Utf8.IsValid(bytes))
            {
                throw new MalformedRequestException("The body is not valid UTF-8.");
            }

            if (bytes.IndexOf("\\u"u8) >= 0)
            {
                // A NUL or half of a character that is written as an escape.
                StorableText.Json(root.GetRawText());
            }

            return root;
        }
        catch (JsonException)
        {
            throw new MalformedRequestException("The body is not valid JSON.");
        }
    }
}
