using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Templates;
using Npgsql;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>A request for one mail, from a template if one is named.</summary>
internal sealed record MailOrder(MailRequest Mail, TemplateKey? Template, JsonElement? Model);

/// <summary>
/// Where mails are handed in, whichever surface they come from: fills templates, checks, takes, answers; and the same request with the same Idempotency-Key
/// gets the same answer without a second mail.
/// </summary>
internal sealed class MailDoor(NpgsqlDataSource database, TransactionalMailer mailer, MailTemplates templates, IOutbox outbox, TransactionalEvents events, TimeProvider clock)
{
    public const string KeyHeader = "Idempotency-Key";
    private static readonly JsonElement NoModel = JsonElement.Parse("{}");

    /// <summary>Reads the header; null when there is none.</summary>
    /// <exception cref="InvalidInputException">It is no key.</exception>
    public static string? KeyOf(HttpRequest request) => request.Headers[KeyHeader].ToString() is not { Length: > 0 } key ? null
        : key.Length <= 255 && key.All(c => c is >= '!' and <= '~') ? key
        : throw new InvalidInputException(KeyHeader, "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters.");

    /// <param name="key">Idempotency-Key; null is none.</param>
    /// <param name="body">The request's bytes: what makes it the same request.</param>
    /// <param name="answer">Writes the answer from what became of the mails: status and body.</param>
    /// <exception cref="NotFoundException">The server is archived.</exception>
    public async Task<(int Status, string Body)> HandInAsync(
        long accountId, long serverId, IReadOnlyList<MailOrder> orders, string? key, ReadOnlyMemory<byte> body, Func<IReadOnlyList<MailTaken>, (int Status, string Body)> answer,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        if (key is not null && await EarlierAsync(work, accountId, serverId, key, SHA256.HashData(body.Span), cancellationToken) is { } earlier)
        {
            return (earlier.Status, earlier.Answer);
        }

        var space = await MailSpace.FindAsync(work.Transaction, accountId, serverId, cancellationToken) ?? throw new NotFoundException("There is no such server.");
        var items = new List<(OutgoingMail?, MailRefusal?)>(orders.Count);
        var filled = await templates.LoadAsync(work.Transaction, accountId, serverId, [.. orders.Where(o => o.Template is not null).Select(o => o.Template!)], cancellationToken);
        foreach (var order in orders)
        {
            items.Add(Fill(order, filled));
        }

        var taken = await mailer.TakeAsync(work.Transaction, accountId, space, items, cancellationToken);
        var (status, text) = answer(taken);
        if (key is not null)
        {
            await Sql.Of($"""
                update messaging.mail_request set answer = {text}, status = {(short)status} where account_id = {accountId} and server_id = {serverId} and key = {key}
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        outbox.Wake();
        events.Wake();
        return (status, text);
    }

    private static (OutgoingMail?, MailRefusal?) Fill(MailOrder order, IReadOnlyDictionary<TemplateKey, LoadedTemplate> templates)
    {
        if (order.Template is not { } key)
        {
            return MailCheck.Read(order.Mail);
        }

        if (!templates.TryGetValue(key, out var template) || template.IsLayout)
        {
            return (null, new MailRefusal(MailRefusal.TemplateUnknown, $"This server has no template {key}."));
        }

        try
        {
            var (subject, html, text) = template.Render(order.Model ?? NoModel);
            return MailCheck.Read(order.Mail with { Subject = subject.ReplaceLineEndings(" "), Html = html, Text = text, TemplateId = template.Id });
        }
        catch (ModelTemplateProblem e)
        {
            return (null, new MailRefusal(MailRefusal.TemplateFailed, e.Message));
        }
    }

    /// <summary>The row is made in the transaction of the effect: a second request waits for the first, then finds its answer.</summary>
    private async Task<Earlier?> EarlierAsync(AccountTransaction work, long accountId, long serverId, string key, byte[] hash, CancellationToken cancellationToken)
    {
        var made = await Sql.Of($"""
            insert into messaging.mail_request (account_id, server_id, key, hash, created_at) values ({accountId}, {serverId}, {key}, {hash}, {clock.GetUtcNow()})
            on conflict (account_id, server_id, key) do nothing
            """).ExecuteAsync(work, cancellationToken);
        if (made > 0)
        {
            return null;
        }

        var earlier = await Sql.Of($"select hash, answer, status from messaging.mail_request where account_id = {accountId} and server_id = {serverId} and key = {key}")
            .FirstAsync<Earlier>(work, cancellationToken);
        return earlier is null || earlier.Hash.AsSpan().SequenceEqual(hash)
            ? earlier
            : throw new InvalidInputException(KeyHeader, "idempotency_mismatch", "This Idempotency-Key came with another request before.");
    }

    private sealed record Earlier(byte[] Hash, string Answer, short Status);
}
