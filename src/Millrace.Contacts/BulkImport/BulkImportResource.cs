using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;

namespace Millrace.Contacts.BulkImport;

/// <summary>
/// <c>POST</c> and <c>GET /api/3/import/bulk_import</c>, <c>GET /api/3/import/info</c>. Accepted means stored: the answer is given after the commit, and
/// <see cref="RunBulkImports"/> does the rest, whatever happens to this process.
/// </summary>
internal sealed class BulkImportResource : IEndpoint
{
    private const int MaxBytes = 400_000;

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("import/bulk_import", Accept).RequirePermission(Permission.ImportContacts)
            .Takes<BulkImportRequest>(null, "Takes up to 250 contacts (400 kB), which are imported soon after; import/info tells what became of them.");
        routes.V3.MapGet("import/bulk_import", Status).RequirePermission(Permission.ImportContacts);
        routes.V3.MapGet("import/info", Info).RequirePermission(Permission.ImportContacts);
    }

    private static async Task<V3Result> Accept(V3Call call, SafeHttp http, TimeProvider clock, WorkSignal signal)
    {
        BulkImportRequest request;
        try
        {
            request = await V3Body.ReadAsync<BulkImportRequest>(call.Request, wrapper: null, call.CancellationToken, MaxBytes);
        }
        catch (InvalidInputException e)
        {
            return Refused($"{e.Errors[0].Path}: {e.Message}", []);
        }

        if (request.Contacts is not { Count: > 0 and <= BulkImportCheck.MaxContacts } contacts)
        {
            return Refused($"'contacts' is a list of 1 to {BulkImportCheck.MaxContacts} contacts.", []);
        }

        if (request.Callback is { } callback && BulkImportCheck.Callback(callback, http) is { } wrong)
        {
            return Refused(wrong, []);
        }

        var result = await call.ChangeAsync(async work =>
        {
            var problems = await BulkImportCheck.ContactsAsync(work, call.Account.Id, contacts, call.CancellationToken);
            if (problems.Count > 0)
            {
                return Refused("Validation failed: nothing was imported.", problems);
            }

            var (now, text) = (clock.GetUtcNow(), new JsonText(JsonSerializer.Serialize(request, V3Json.Options)));
            var batch = await Sql.Of($"""
                insert into contacts.bulk_import (account_id, contacts, request, user_id, try_at, created_at)
                values ({call.Account.Id}, {contacts.Count}, {text}, {call.Account.UserId}, {now}, {now})
                returning batch_id
                """).FirstAsync<Guid>(work, call.CancellationToken);
            return V3Result.Ok(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["Success"] = 1,
                // Some clients read the one, some the other.
                ["success"] = 1,
                ["queued_contacts"] = contacts.Count,
                ["batchId"] = batch.ToString(),
                ["message"] = "Contact import queued",
            });
        });
        signal.Pulse(nameof(RunBulkImports));
        return result;
    }

    private static V3Result Refused(string message, IReadOnlyList<BulkProblem> problems) =>
        new(new { success = 0, message, failureReasons = problems.Select(p => new { contact = p.Contact, failureReason = p.FailureReason }) }, StatusCodes.Status400BadRequest);

    /// <summary>By day: what waits, and what was completed in the last week.</summary>
    private static Task<V3Result> Status(V3Call call, TimeProvider clock) => call.ReadAsync(async work =>
    {
        var days = await Sql.Of($"""
            select state = 'waiting', to_char(created_at at time zone {call.Account.TimeZone}, 'YYYY-MM-DD'), count(*), sum(contacts)::bigint
            from contacts.bulk_import
            where account_id = {call.Account.Id} and created_at > {clock.GetUtcNow().AddDays(-7)} or (account_id = {call.Account.Id} and state = 'waiting')
            group by 1, 2 order by 1, 2 desc
            """).ListAsync<Day>(work, call.CancellationToken);
        object Shown(bool waiting) => days.Where(d => d.Waiting == waiting).Select(d => new
        {
            forDate = d.Date,
            batches = d.Batches.ToString(CultureInfo.InvariantCulture),
            contacts = d.Contacts.ToString(CultureInfo.InvariantCulture),
        });
        return V3Result.Ok(new { outstanding = Shown(waiting: true), recentlyCompleted = Shown(waiting: false) });
    });

    /// <summary>States: <c>waiting completed failed</c>. Success: ids of contacts; failure: addresses.</summary>
    private static async Task<V3Result> Info(V3Call call)
    {
        var asked = call.Request.Query["batchId"].ToString();
        if (asked.Length == 0)
        {
            return new V3Result(new { success = 0, message = "'batchId' is a required field." }, StatusCodes.Status400BadRequest);
        }

        var batch = Guid.TryParse(asked, out var id) ? id : Guid.Empty;
        return await call.ReadAsync(async work =>
        {
            var found = await Sql.Of($"""
                select state, succeeded, refused from contacts.bulk_import where account_id = {call.Account.Id} and batch_id = {batch}
                """).FirstAsync<Outcome>(work, call.CancellationToken) ?? throw new NotFoundException("No Result found for the batchId.");
            return V3Result.Ok(new
            {
                status = found.State,
                success = (found.Succeeded ?? []).Select(c => c.ToString(CultureInfo.InvariantCulture)),
                failure = found.Refused ?? [],
            });
        });
    }

    private sealed record Day(bool Waiting, string Date, long Batches, long Contacts);

    private sealed record Outcome(string State, long[]? Succeeded, string[]? Refused);
}
