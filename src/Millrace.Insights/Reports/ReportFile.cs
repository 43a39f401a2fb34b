using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Npgsql;

namespace Millrace.Insights.Reports;

/// <summary>
/// <c>POST /api/app/reports/{key}/link</c> and <c>GET /api/app/reports/files/{token}</c>: a report's table as a CSV file, by a link that works once, for an
/// hour, and only with a session of the user who asked for it.
/// </summary>
internal sealed class ReportFile : IEndpoint
{
    public static readonly TimeSpan LinkLasts = TimeSpan.FromHours(1);

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("reports/{key}/link", Link).WithName("report_link").RequirePermission(Permission.Use);
        routes.App.MapGet("reports/files/{token}", Download).WithName("report_file").RequirePermission(Permission.Use)
            .Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    /// <param name="SubjectId">What the report is about; needed where it is about something.</param>
    /// <param name="First">As when reading the report; so are the others.</param>
    internal sealed record ReportFileRequest(long? SubjectId = null, DateOnly? First = null, DateOnly? Last = null, bool Compare = false, bool Privacy = true,
        CountedMachines Machines = CountedMachines.AsRecorded,
        ReportStep? Step = null, string[]? Filters = null);

    /// <param name="Path">On this host.</param>
    internal sealed record ReportFileLink(string Path, DateTimeOffset ExpiresAt);

    private static async Task<Created<ReportFileLink>> Link(
        string key, ReportFileRequest request, Catalogue<Report> reports, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var asked = ReportRequest.Read(reports, account, clock, key, request.SubjectId, request.First, request.Last, request.Compare,
            new ReportCounting(request.Privacy, request.Machines), request.Step, request.Filters);

        // Refused now, while someone can mend it: no such subject.
        _ = await ReportEndpoints.AskAsync(asked with { Compare = false }, account.Id, database, clock, cancellationToken);
        var now = clock.GetUtcNow();
        var (token, expires) = (RandomToken.New(24), now + LinkLasts);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"delete from insights.report_link where account_id = {account.Id} and expires_at < {now}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into insights.report_link (account_id, hash, user_id, report, subject_id, first_day, last_day, compare, privacy, machines, step, filters, expires_at)
            values ({account.Id}, {RandomToken.Hash(token)}, {account.UserId}, {asked.Report.Key}, {asked.SubjectId}, {asked.Period.First}, {asked.Period.Last}, {asked.Compare},
                {asked.Counting.Privacy}, {asked.Counting.Machines}, {asked.Period.Asked}, {asked.Chosen.Select(c => $"{c.Key}:{c.Value}").ToArray()}, {expires})
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        var path = $"/api/app/reports/files/{token}";
        return TypedResults.Created(path, new ReportFileLink(path, expires));
    }

    private static async Task Download(
        string token, HttpContext http, Catalogue<Report> reports, CurrentAccount account, IAudit audit, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        ReportRequest asked;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            var opened = await Sql.Of($"""
                update insights.report_link set used_at = {now}
                where account_id = {account.Id} and hash = {RandomToken.Hash(token)} and user_id = {account.UserId} and used_at is null and expires_at > {now}
                returning report, subject_id, first_day, last_day, compare, privacy, machines, step, filters
                """).FirstAsync<Opened>(work, cancellationToken)
                ?? throw new NotFoundException("This link has been used, or is too old. Ask for the file again.");
            asked = ReportRequest.Read(reports, account, clock, opened.Report, opened.SubjectId, opened.FirstDay, opened.LastDay, opened.Compare,
                new ReportCounting(opened.Privacy, opened.Machines), opened.Step, opened.Filters);
            await audit.AppendAsync(
                work.Transaction, account.Id, account.UserId, "report.download", "report", opened.SubjectId,
                new { report = opened.Report, first = opened.FirstDay, last = opened.LastDay }, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        var (answer, _) = await ReportEndpoints.AskAsync(asked, account.Id, database, clock, cancellationToken);
        CsvDownload.SetHeaders(
            http.Response, string.Create(CultureInfo.InvariantCulture, $"{asked.Report.Key.Replace('.', '-')}-{asked.Period.First:yyyy-MM-dd}-{asked.Period.Last:yyyy-MM-dd}.csv"));
        await http.Response.Body.WriteAsync(Csv(answer), cancellationToken);
    }

    /// <summary>The table as it stands: shares as parts of one, lengths of time in seconds.</summary>
    internal static ReadOnlyMemory<byte> Csv(ReportAnswer answer)
    {
        var output = new ArrayBufferWriter<byte>();
        var noted = answer.Rows.Any(r => r.Note is not null);
        CsvText.AppendRow(output, [answer.Label, .. noted ? (string[])["Note"] : [], .. answer.Columns.Select(Title)]);
        foreach (var row in answer.Rows)
        {
            CsvText.AppendRow(output, [row.Label, .. noted ? (string?[])[row.Note] : [], .. row.Values.Select(v => v?.ToString("0.######", CultureInfo.InvariantCulture))]);
        }

        return output.WrittenMemory;
    }

    private static string Title(ReportColumn column) => column.Unit switch
    {
        ReportUnit.Seconds => column.Title + ", seconds",
        _ => column.Title,
    } + (column.IsBefore ? " (before)" : string.Empty);

    private sealed record Opened(string Report, long SubjectId, DateOnly FirstDay, DateOnly LastDay, bool Compare, bool Privacy, CountedMachines Machines, ReportStep? Step,
        string[] Filters);
}
