using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Mail.Dkim;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary><c>/api/app/sender-domains</c>: domains we sign for, with the DNS records to copy.</summary>
internal sealed class SenderDomainsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sender-domains", ListAsync).WithName("sender_domain_list").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sender-domains", AddAsync).WithName("sender_domain_add").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("sender-domains/{id:long}", RemoveAsync).WithName("sender_domain_remove").RequirePermission(Permission.ManageSending);
    }

    internal sealed record AddSenderDomain(string Domain);

    /// <param name="Host">Full name of the record.</param>
    /// <param name="Purpose"><c>dkim</c> or <c>dmarc</c>.</param>
    internal sealed record DnsRecord(string Type, string Host, string Value, string Purpose);

    /// <param name="DnsStatus"><c>not_checked</c>: the records are to be compared by hand.</param>
    internal sealed record SenderDomainView(long Id, string Domain, string Selector, string DnsStatus, IReadOnlyList<DnsRecord> Records, DateTimeOffset CreatedAt);

    internal sealed record SenderDomainList(IReadOnlyList<SenderDomainView> Domains);

    private sealed record Row(long Id, string Domain, string Selector, string PublicRecord, DateTimeOffset CreatedAt)
    {
        public SenderDomainView ToView() => new(Id, Domain, Selector, "not_checked",
        [
            new("TXT", $"{Selector}._domainkey.{Domain}", PublicRecord, "dkim"),
            new("TXT", $"_dmarc.{Domain}", "v=DMARC1; p=none", "dmarc"),
        ], CreatedAt);
    }

    private static async Task<SenderDomainList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, domain, selector, public_record, created_at from messaging.sender_domain where account_id = {account.Id} order by domain
            """).ListAsync<Row>(work, cancellationToken);
        return new([.. rows.Select(r => r.ToView())]);
    }

    private static async Task<Created<SenderDomainView>> AddAsync(
        AddSenderDomain request, CurrentAccount account, NpgsqlDataSource database, KeyRing keys, IAudit audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse("postmaster@" + request.Domain.Trim(), out var address, out _, out var message))
        {
            throw new InvalidInputException("/domain", "domain_invalid", message);
        }

        using var key = DkimKey.Generate();
        var domain = address.Domain;
        var selector = $"mr{RandomToken.New(8).ToLowerInvariant()}";
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await Sql.Of($"""
            insert into messaging.sender_domain (account_id, domain, selector, private_key, public_record, created_at)
            values ({account.Id}, {domain}, {selector}, {keys.Seal(key.ToPem(), DkimSigners.Place(account.Id, domain))}, {key.PublicRecord}, {clock.GetUtcNow()})
            returning id, domain, selector, public_record, created_at
            """).FirstAsync<Row>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.add", "sender_domain", row!.Id, new { domain }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/sender-domains/{row.Id}", row.ToView());
    }

    private static async Task<NoContent> RemoveAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from messaging.sender_domain where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.remove", "sender_domain", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
