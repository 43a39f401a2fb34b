using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Tracking;

/// <summary><c>GET /o/{token}</c>: records the open and answers a 1x1 GIF; the same bytes for a bad token. <c>HEAD</c> counts nothing.</summary>
internal sealed class OpenPixel : IEndpoint
{
    /// <summary>The smallest transparent GIF, 43 bytes.</summary>
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/o/{token}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("track_open").AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, EngagementIntake intake, MachineGuess guess, ISightings sightings, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(http.Request.Method) && tokens.TryRead(token, TokenPurpose.Open, out var open))
        {
            var sighting = sightings.Of(http.Request, fromMail: true);
            await intake.RecordAsync(
                new Engagement(open.AccountId, open.SendId, 0, clock.GetUtcNow(), guess.Of(http.Request, sighting), sighting));
        }

        PublicPage.Headers(http, PublicPage.Nothing);
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(Gif, "image/gif");
    }
}
