using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Lists;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <inheritdoc cref="IContactImport"/>
internal sealed class ContactImport(
    NpgsqlDataSource database, Tagging tagging, IAudit audit, IAccountSettings accounts, WorkSignal signal, TimeProvider clock) : IContactImport
{
    public async Task<long> StartAsync(
        long accountId, long userId, string name, Stream file, IReadOnlyList<string> lists, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var account = new CurrentAccount();
        account.Set(accountId, userId, Role.Admin, (await accounts.GetAsync(accountId, cancellationToken)).TimeZone);
        var id = await UploadImport.TakeAsync(file, name, account, database, clock, cancellationToken);
        var upload = await UploadedImport.FindAsync(database, accountId, id, cancellationToken);
        var preview = await ImportPreview.ReadAsync(database, accountId, id, upload.Encoding, null, null, null, cancellationToken);
        var columns = preview.Columns.Select(c => c.Proposal switch
        {
            { FieldId: { } fieldId } => new StartImport.ColumnChoice(ColumnTarget.Field, fieldId),
            { Target: ColumnTarget.Skip or ColumnTarget.Field, NewField: { } field } when !field.Type.HasOptions() =>
                new StartImport.ColumnChoice(ColumnTarget.Field, NewField: field),
            { Target: ColumnTarget.Field } => new StartImport.ColumnChoice(ColumnTarget.Skip),
            var standard => new StartImport.ColumnChoice(standard.Target),
        });
        var request = new StartImport.Request(
            [.. columns], preview.Delimiter, preview.HasHeader, Lists: await ListsAsync(accountId, userId, lists, cancellationToken), Tags: tags);
        await StartImport.StartAsync(id, request, account, database, tagging, audit, signal, clock, cancellationToken);
        return id;
    }

    public async Task<ContactImportProgress> ProgressAsync(long accountId, long importId, CancellationToken cancellationToken)
    {
        var view = await ImportView.OneAsync(database, accountId, importId, clock, cancellationToken);
        return new ContactImportProgress(
            view.State, view.Bytes, view.BytesDone, view.Rows, view.Created, view.Updated, view.Unchanged, view.Rejected, view.RowsPerSecond, view.Problem);
    }

    private async Task<List<long>> ListsAsync(long accountId, long userId, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var ids = new List<long>();
        foreach (var name in names)
        {
            ids.Add(await Sql.Of($"select id from contacts.list where account_id = {accountId} and lower(name) = lower(trim({name}))").FirstAsync<long?>(work, cancellationToken)
                ?? await ListCreation.InsertAsync(work.Transaction, accountId, new NewList(name, OwnerId: userId), clock.GetUtcNow(), cancellationToken));
        }

        await work.CommitAsync(cancellationToken);
        return ids;
    }
}
