using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary><c>POST /api/app/imports/{id}/start</c>: fixes all choices, makes new fields and tags, and hands the file to the workers.</summary>
internal sealed class StartImport : IEndpoint
{
    private const int MaxColumns = 500;
    private const int MaxTags = 200;
    private const int MaxLists = 100;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("imports/{id:long}/start", Handle).WithName("import_start").RequirePermission(Permission.ImportContacts);

    /// <param name="Columns">One for each column of the file, in its order.</param>
    /// <param name="ListStatus">Active or unconfirmed.</param>
    /// <param name="Encoding">Needed when the file is not valid UTF-8.</param>
    /// <param name="Delimiter">Null: as the preview guessed it.</param>
    internal sealed record Request(
        IReadOnlyList<ColumnChoice> Columns, string Delimiter, bool HasHeader, bool UpdateExisting = true, bool OverwriteWithBlank = false,
        IReadOnlyList<long>? Lists = null, SubscriptionStatus ListStatus = SubscriptionStatus.Active, IReadOnlyList<string>? Tags = null,
        bool TriggerAutomations = true, string? Encoding = null);

    /// <param name="FieldId">With <c>field</c>: an existing custom field ...</param>
    /// <param name="NewField">... or one to be made.</param>
    internal sealed record ColumnChoice(ColumnTarget Target, long? FieldId = null, NewColumnField? NewField = null);

    private static async Task<Ok<ImportView>> Handle(
        long id, Request request, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, IAudit audit, WorkSignal signal, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await StartAsync(id, request, account, database, tagging, audit, signal, clock, cancellationToken);
        return TypedResults.Ok(await ImportView.OneAsync(database, account.Id, id, clock, cancellationToken));
    }

    internal static async Task StartAsync(
        long id, Request request, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, IAudit audit, WorkSignal signal, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var upload = await UploadedImport.FindAsync(database, account.Id, id, cancellationToken);
        var encoding = CheckEncoding(request.Encoding, upload.Encoding);
        var delimiter = ImportChoices.Delimiter(request.Delimiter) ?? throw new InvalidInputException("/delimiter", "required", "Which character divides the columns?");
        var header = await ImportPreview.HeaderAsync(database, account.Id, id, encoding, delimiter, cancellationToken);
        CheckColumns(request.Columns, header.Length);
        CheckOptions(request);

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var plan = new ImportPlan
        {
            Encoding = encoding,
            Delimiter = delimiter,
            HasHeader = request.HasHeader,
            Header = request.HasHeader ? header : [],
            Columns = await ColumnsAsync(work.Transaction, account.Id, request.Columns, now, cancellationToken),
            UpdateExisting = request.UpdateExisting,
            OverwriteWithBlank = request.OverwriteWithBlank,
            ListIds = await ListsAsync(work, account.Id, request.Lists ?? [], cancellationToken),
            ListStatus = request.ListStatus,
            TagIds = request.Tags is { Count: > 0 } tags
                ? [.. (await tagging.FindOrCreateAsync(work.Transaction, account.Id, tags, "/tags", cancellationToken)).Select(t => t.Id).Order()]
                : [],
            TriggerAutomations = request.TriggerAutomations,
            TimeZone = account.TimeZone,
        };
        await BeginAsync(work, account.Id, id, plan, now, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "import.start", "import", id,
            new { plan.UpdateExisting, plan.OverwriteWithBlank, plan.ListIds, plan.TagIds, plan.TriggerAutomations }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunImports));
    }

    private static string CheckEncoding(string? chosen, string? found) => chosen is not null && !TextEncodings.All.Contains(chosen, StringComparer.Ordinal)
        ? throw new InvalidInputException("/encoding", "encoding_unknown", $"One of {string.Join(", ", TextEncodings.All)}.")
        : (chosen, found) switch
        {
            (null or TextEncodings.Utf8, null) => throw new InvalidInputException(
                "/encoding", "encoding_invalid", $"The file is not valid UTF-8. Choose its encoding; {TextEncodings.Suggested} is the most frequent one."),
            _ => chosen ?? found!,
        };

    private static void CheckColumns(IReadOnlyList<ColumnChoice> columns, int count)
    {
        if (columns.Count != count || count > MaxColumns)
        {
            throw new InvalidInputException("/columns", "column_count", count > MaxColumns
                ? $"The file has {count} columns; {MaxColumns} are the most."
                : $"The file has {count} columns and {columns.Count} are mapped; say skip for those to be left out.");
        }

        if (columns.All(c => c.Target != ColumnTarget.Email))
        {
            throw new InvalidInputException("/columns", "email_column_missing", "One column has to be the e-mail address.");
        }

        var taken = new HashSet<(ColumnTarget, long?, string?)>();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column.Target != ColumnTarget.Skip && !taken.Add((column.Target, column.FieldId, column.NewField?.Name.Trim().ToUpperInvariant())))
            {
                throw new InvalidInputException($"/columns/{i}", "mapped_twice", "Two columns go to the same field.");
            }

            if (column.Target == ColumnTarget.Field == (column.FieldId is null == column.NewField is null))
            {
                throw new InvalidInputException($"/columns/{i}", "field_missing", "A custom field needs either its id or what to make it from, and nothing else takes them.");
            }

            if (column.NewField is { } field && field.Type.HasOptions())
            {
                throw new InvalidInputException($"/columns/{i}/new_field/type", "choice", "A field with options is made in the settings first.");
            }
        }
    }

    private static void CheckOptions(Request request)
    {
        if (request.ListStatus is not (SubscriptionStatus.Active or SubscriptionStatus.Unconfirmed))
        {
            throw new InvalidInputException("/list_status", "choice", "One of active, unconfirmed.");
        }

        if (request.Tags is { Count: > MaxTags } || request.Lists is { Count: > MaxLists })
        {
            throw new InvalidInputException("/tags", "too_many", $"At most {MaxTags} tags and {MaxLists} lists.");
        }
    }

    private static async Task<List<PlannedColumn>> ColumnsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<ColumnChoice> choices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = choices.Where(c => c.FieldId is not null).Select(c => c.FieldId!.Value).ToArray();
        var known = await FieldDefinitions.ByIdAsync(transaction, accountId, wanted, cancellationToken);
        var columns = new List<PlannedColumn>(choices.Count);
        for (var i = 0; i < choices.Count; i++)
        {
            var choice = choices[i];
            if (choice.FieldId is { } fieldId && !known.ContainsKey(fieldId))
            {
                throw new InvalidInputException($"/columns/{i}/field_id", "not_found", "There is no such field.");
            }

            // One statement per new field: there are few, and each is checked as if it were made in the settings.
            columns.Add(new PlannedColumn(choice.Target, choice.NewField is { } field
                ? await FieldCreation.InsertAsync(transaction, accountId, new NewField(field.Name, field.Type), now, cancellationToken)
                : choice.FieldId));
        }

        return columns;
    }

    private static async Task<List<long>> ListsAsync(AccountTransaction work, long accountId, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().Order().ToArray();
        var known = await Sql.Of($"select id from contacts.list where account_id = {accountId} and id = any({wanted}) order by id").ListAsync<long>(work, cancellationToken);
        return known.Count == wanted.Length ? known : throw new InvalidInputException("/lists", "not_found", "There is no such list.");
    }

    private static async Task BeginAsync(
        AccountTransaction work, long accountId, long importId, ImportPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"""
            update contacts.import set state = 'running', plan = {new JsonText(plan.ToJson())}, started_at = {now}
            where account_id = {accountId} and id = {importId} and state = 'uploaded'
            """).ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new ConflictException("import_started", "This import has been started already.");
        }

        await Sql.Of($"""
            insert into contacts.import_lane (account_id, import_id, lane)
            select {accountId}, {importId}, n from generate_series(0, {plan.Lanes - 1}) n
            """).ExecuteAsync(work, cancellationToken);
    }
}
