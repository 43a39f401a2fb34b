using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Dialect;

/// <summary>An answer in the dialect: <c>Content-Type: application/json</c>, body as <see cref="V3Json"/> writes it.</summary>
public sealed class V3Result(object body, int status = 200) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await JsonSerializer.SerializeAsync(httpContext.Response.Body, body, body.GetType(), V3Json.Options, httpContext.RequestAborted);
        }
    }

    /// <summary>200 with a body, for example <c>new { contact }</c> or a dictionary.</summary>
    public static V3Result Ok(object body) => new(body);

    /// <summary>201, as every creating POST answers.</summary>
    public static V3Result Created(object body) => new(body, StatusCodes.Status201Created);

    /// <summary>200 with <c>{}</c>, as DELETE answers.</summary>
    public static V3Result Empty => new(new object());
}
