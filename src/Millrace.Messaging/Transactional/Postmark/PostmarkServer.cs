using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Transactional.Servers;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>GET</c> and <c>PUT /server</c>: the server of the token. Tokens themselves are told nowhere; single hook addresses of old are webhooks now.</summary>
internal sealed class PostmarkServer : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/server", ShowAsync);
            group.MapPut("/server", SaveAsync);
        }
    }

    internal sealed record Input(string? Name, string? Color, bool? TrackOpens, string? TrackLinks);

    private static async Task<IResult> ShowAsync(
        PostmarkCaller caller, NpgsqlDataSource database, PublicAddress address, IOptions<TransactionalOptions> options, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return PostmarkDialect.Answer(Show(await FindAsync(work, caller, cancellationToken), address, options.Value));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, MailServers servers, PublicAddress address, IOptions<TransactionalOptions> options,
        CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, cancellationToken);
        try
        {
            await servers.SaveAsync(work, caller.AccountId, row.Id, new ServerDraft(
                input.Name ?? row.Name, input.Color ?? row.Color, input.TrackOpens ?? row.TrackOpens, PostmarkNames.Tracking(input.TrackLinks) ?? row.TrackLinks), cancellationToken);
        }
        catch (InvalidInputException e)
        {
            throw new PostmarkException(600, e.Message);
        }

        row = await FindAsync(work, caller, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(row, address, options.Value));
    }

    private static async Task<Row> FindAsync(AccountTransaction work, PostmarkCaller caller, CancellationToken cancellationToken) =>
        (await Sql.Of($"select id, name, color, track_opens, track_links from messaging.mail_server where account_id = {caller.AccountId} and id = {caller.ServerId}")
            .FirstAsync<Row>(work, cancellationToken))!;

    private static JsonObject Show(Row row, PublicAddress address, TransactionalOptions options)
    {
        var hash = FormattableString.Invariant($"s{row.Id}");
        return new JsonObject
        {
            ["ID"] = row.Id,
            ["Name"] = row.Name,
            ["ApiTokens"] = new JsonArray(),
            ["Color"] = row.Color,
            ["SmtpApiActivated"] = false,
            ["RawEmailEnabled"] = false,
            ["DeliveryType"] = "Live",
            ["ServerLink"] = FormattableString.Invariant($"{address.Url}/app/transactional/{row.Id}"),
            ["InboundAddress"] = options.InboundDomain is { Length: > 0 } domain ? $"{hash}@{domain}" : "",
            ["InboundHookUrl"] = "",
            ["BounceHookUrl"] = "",
            ["OpenHookUrl"] = "",
            ["DeliveryHookUrl"] = "",
            ["ClickHookUrl"] = "",
            ["PostFirstOpenOnly"] = false,
            ["InboundDomain"] = "",
            ["InboundHash"] = hash,
            ["InboundSpamThreshold"] = 0,
            ["TrackOpens"] = row.TrackOpens,
            ["TrackLinks"] = row.TrackLinks.ToString(),
            ["IncludeBounceContentInHook"] = false,
            ["EnableSmtpApiErrorHooks"] = false,
        };
    }

    private sealed record Row(long Id, string Name, string Color, bool TrackOpens, LinkTracking TrackLinks);
}
