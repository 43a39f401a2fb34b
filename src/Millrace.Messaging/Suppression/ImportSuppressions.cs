using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;
using Npgsql;
using MailAddress = Millrace.Mail.Addresses.EmailAddress;

namespace Millrace.Messaging.Suppression;

/// <summary>
/// <c>POST /api/app/suppressions/import</c>: addresses that another mail service no longer mailed, each with its reason. A weightier reason that is known already
/// stays; contacts of hard bounces are marked, those who unsubscribed or complained are taken off all lists.
/// </summary>
internal sealed class ImportSuppressions : IEndpoint
{
    private const int MaxImport = 20_000;
    private const int MaxRefused = 100;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("suppressions/import", Handle).WithName("suppression_import").RequirePermission(Permission.ManageContacts);

    /// <param name="Reason"><c>hard</c>, <c>soft</c>, <c>unsubscribe</c>, <c>complaint</c> or <c>manual</c>, or what other services call them (<c>Hard Bounce</c>, <c>spam complaint</c>, <c>unsubscribed</c> ...); empty: as <c>Reason</c> of the whole.</param>
    internal sealed record Entry(string Address, string? Reason = null);

    /// <param name="Entries">At most 20,000.</param>
    /// <param name="Reason">Of entries without one of their own.</param>
    internal sealed record Input(IReadOnlyList<Entry> Entries, SuppressionReason Reason = SuppressionReason.Manual);

    /// <param name="Line">From 1.</param>
    internal sealed record Refused(int Line, string Entry, string Message);

    /// <param name="Stopped">Addresses that are stopped now and were not, or for a lesser reason.</param>
    /// <param name="Already">Were so before, or stood twice in what was sent.</param>
    internal sealed record Result(int Stopped, int Already, int Refused, IReadOnlyList<Refused> Examples);

    private static async Task<Result> Handle(
        Input request, CurrentAccount account, NpgsqlDataSource database, ISubscriptions subscriptions, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Entries.Count > MaxImport)
        {
            throw new InvalidInputException("/entries", "too_many", $"One request takes {MaxImport} entries; send the rest in another.");
        }

        var wanted = new Dictionary<string, SuppressionReason>(StringComparer.Ordinal);
        var refused = new List<Refused>();
        var (given, wrong) = (0, 0);
        for (var i = 0; i < request.Entries.Count; i++)
        {
            var text = request.Entries[i]?.Address?.Trim(' ', '\t', '\r', '\n', '"', '\'', ',', ';', '<', '>') ?? "";
            if (text.Length == 0)
            {
                continue;
            }

            given++;
            if (!MailAddress.TryParse(text, out var address, out _, out var message))
            {
                Refuse(i, text, message);
            }
            else if (ReasonOf(request.Entries[i].Reason, request.Reason) is not { } reason)
            {
                Refuse(i, text, "This reason means nothing here.");
            }
            else if (!wanted.TryGetValue(address.Normalised, out var known) || reason > known)
            {
                wanted[address.Normalised] = reason;
            }
        }

        var now = clock.GetUtcNow();
        var stopped = 0;
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await SendGate.CloseAsync(work.Transaction, account.Id, cancellationToken);
        foreach (var group in wanted.GroupBy(w => w.Value, w => w.Key))
        {
            stopped += await SuppressionBook.WriteAsync(work.Transaction, account.Id, [.. group], group.Key, null, "imported", now, cancellationToken);
            await MarkAsync(work, account.Id, group.Key, [.. group], subscriptions, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "suppression.import", "suppression", null, new { stopped }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return new(stopped, given - wrong - stopped, wrong, refused);

        void Refuse(int at, string text, string message)
        {
            if (++wrong <= MaxRefused)
            {
                refused.Add(new(at + 1, text.Length > 254 ? text[..254] : text, message));
            }
        }
    }

    private static async Task MarkAsync(
        AccountTransaction work, long accountId, SuppressionReason reason, string[] addresses, ISubscriptions subscriptions, CancellationToken cancellationToken)
    {
        if (reason == SuppressionReason.Manual)
        {
            return;
        }

        var contacts = await Sql.Of($"select id from contacts.contact where account_id = {accountId} and email = any ({addresses})").ListAsync<long>(work, cancellationToken);
        if (contacts.Count == 0)
        {
            return;
        }

        if (reason is SuppressionReason.Hard or SuppressionReason.Soft)
        {
            await subscriptions.MarkBouncedAsync(work.Transaction, accountId, contacts, cancellationToken);
        }
        else
        {
            await subscriptions.UnsubscribeAsync(work.Transaction, accountId, contacts, null, "email", reason == SuppressionReason.Complaint ? "complaint" : "imported", cancellationToken);
        }
    }

    /// <summary>Null: it means nothing to us.</summary>
    internal static SuppressionReason? ReasonOf(string? text, SuppressionReason otherwise)
    {
        var word = string.Concat((text ?? "").Where(char.IsAsciiLetter)).ToLowerInvariant();
        return word switch
        {
            "" => otherwise,
            "manual" or "manualsuppression" or "admin" or "excluded" or "blocklist" or "suppressed" or "invalid" => word == "invalid" ? SuppressionReason.Hard : SuppressionReason.Manual,
            _ when word.Contains("complain", StringComparison.Ordinal) || word.Contains("spam", StringComparison.Ordinal) || word is "abuse" or "fbl" => SuppressionReason.Complaint,
            _ when word.Contains("unsub", StringComparison.Ordinal) || word is "optout" or "optedout" => SuppressionReason.Unsubscribe,
            _ when word.Contains("soft", StringComparison.Ordinal) => SuppressionReason.Soft,
            _ when word.Contains("bounce", StringComparison.Ordinal) || word is "hard" => SuppressionReason.Hard,
            _ => null,
        };
    }
}
