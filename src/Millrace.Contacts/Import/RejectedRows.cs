using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary><c>GET /api/app/imports/{id}/rejected</c>: the rows that were not imported, with line and reason, as a CSV file that can be mended and imported again.</summary>
internal sealed class RejectedRows : IEndpoint
{
    private const int PageRows = 5_000;
    private static readonly string[] OwnColumns = ["Line", "Reason", "Explanation"];

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("imports/{id:long}/rejected", Handle).WithName("import_rejected").RequirePermission(Permission.ImportContacts)
            .Produces<string>(StatusCodes.Status200OK, "text/csv");

    private static async Task Handle(long id, HttpContext http, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ImportPlan? plan;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            var found = await Sql.Of($"select coalesce(plan, 'null') from contacts.import where account_id = {account.Id} and id = {id}")
                .ListAsync<JsonElement>(work, cancellationToken);
            plan = found is not [var json] ? throw new NotFoundException() : json.ValueKind == JsonValueKind.Null ? null : ImportPlan.FromJson(json);
        }

        CsvDownload.SetHeaders(http.Response, string.Create(CultureInfo.InvariantCulture, $"import-{id}-rejected.csv"));
        var output = http.Response.BodyWriter;
        CsvText.AppendRow(output, [.. OwnColumns, .. plan?.Header ?? []]);
        var after = 0L;
        while (plan is not null && await PageAsync(database, account.Id, id, after, cancellationToken) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                await AppendAsync(output, row, plan.Delimiter, cancellationToken);
            }

            after = rows[^1].Line;
            await output.FlushAsync(cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static async Task<List<RejectedRow>> PageAsync(
        NpgsqlDataSource database, long accountId, long importId, long after, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Sql.Of($"""
            select line, code, message, content from contacts.import_reject
            where account_id = {accountId} and import_id = {importId} and line > {after} order by line limit {PageRows}
            """).ListAsync<RejectedRow>(work, cancellationToken);
    }

    private static async Task AppendAsync(PipeWriter output, RejectedRow row, char delimiter, CancellationToken cancellationToken)
    {
        var cells = new List<string> { row.Line.ToString(CultureInfo.InvariantCulture), row.Code, row.Message };
        await using var csv = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(row.Content)), (byte)delimiter);
        if (await csv.MoveAsync(cancellationToken) && csv.Problem == CsvProblem.None)
        {
            for (var i = 0; i < csv.FieldCount; i++)
            {
                cells.Add(CsvText.Restore(Encoding.UTF8.GetString(csv.Field(i))));
            }
        }
        else
        {
            cells.Add(row.Content);
        }

        CsvText.AppendRow(output, cells.ToArray());
    }
}
