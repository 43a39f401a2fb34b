using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Campaigns.Archive;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary><c>GET /v/{token}</c>: a mail as nobody in particular got it, whatever it was sent for. Only who was given its address has it: readers who share.</summary>
internal sealed class PublicVersion : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/v/{token}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("public_copy").AllowAnonymous().ExcludeFromDescription();

    public static string UrlOf(string baseUrl, long accountId, long versionId, TokenKeys keys) =>
        $"{baseUrl}/v/{new PublicToken(TokenPurpose.PublicCopy, accountId, versionId).ToText(keys)}";

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, CompiledMessages messages, PublicCopy copies, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.PublicCopy, out var copy))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, copy.AccountId, cancellationToken);
        if (await messages.FindAsync(work.Transaction, copy.AccountId, copy.SendId, cancellationToken) is not { } message)
        {
            return PublicTokens.NotFound(http);
        }

        PublicPage.Headers(http, PublicPage.Sandboxed);
        return Results.Content(copies.Html(message), "text/html; charset=utf-8");
    }
}
