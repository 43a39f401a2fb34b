using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>An import whose file is complete and that nobody has started.</summary>
/// <param name="Encoding">Null: not valid UTF-8, and nothing else that could be told.</param>
internal sealed record UploadedImport(string State, string? Encoding)
{
    /// <exception cref="ConflictException"><c>import_started</c>: it is running or over.</exception>
    public static async Task<UploadedImport> FindAsync(NpgsqlDataSource database, long accountId, long importId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var found = await Sql.Of($"select state, encoding from contacts.import where account_id = {accountId} and id = {importId}")
            .FirstAsync<UploadedImport>(work, cancellationToken) ?? throw new NotFoundException();
        return found.State == "uploaded" ? found : throw new ConflictException("import_started", "This import has been started already.");
    }
}

/// <summary>Choices as they come in.</summary>
internal static class ImportChoices
{
    /// <summary>One ASCII character, or <c>tab</c>; null stays null.</summary>
    public static char? Delimiter(string? text) => text switch
    {
        null => null,
        "tab" or "\t" => '\t',
        [var only] when char.IsAscii(only) && only is not ('"' or '\n' or '\r') && !char.IsAsciiLetterOrDigit(only) => only,
        _ => throw new InvalidInputException("/delimiter", "delimiter_invalid", "A delimiter is one character, such as a comma or a semicolon."),
    };
}
