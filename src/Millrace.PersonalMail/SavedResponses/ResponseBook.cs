using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;

namespace Millrace.PersonalMail.SavedResponses;

internal sealed record ResponseRow(
    long Id, long? CategoryId, string? Category, string Title, string Subject, string Body, long? UserId, long? LastSentUserId, DateTimeOffset? LastSentAt,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Checks, reads and writes saved responses; both APIs stand on it.</summary>
internal sealed class ResponseBook(IMailHtml html, IMerge merge, TimeProvider clock)
{
    public const int MaxTitle = 200;
    public const int MaxSubject = 1_000;
    public const int MaxBody = 262_144;
    public const int MaxResponses = 2_000;

    public static readonly Sql Columns = Sql.Of($"""
        r.id, r.category_id, c.name, r.title, r.subject, r.body, r.user_id, r.last_sent_user_id, r.last_sent_at, r.created_at, r.updated_at
        """);

    public static readonly Sql Tables = Sql.Of($"""
        personal.saved_response r left join personal.saved_response_category c on c.account_id = r.account_id and c.id = r.category_id
        """);

    public static async Task<ResponseRow> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {Columns} from {Tables} where r.account_id = {accountId} and r.id = {id}").FirstAsync<ResponseRow>(work, cancellationToken)
            ?? throw new NotFoundException();

    /// <param name="prefix">Of the paths in errors: <c>/</c>, or <c>/data/attributes/</c>.</param>
    public async Task<long> SaveAsync(
        AccountTransaction work, long accountId, long userId, long? id, string title, string subject, string body, long? categoryId, string prefix,
        CancellationToken cancellationToken)
    {
        Check(title, subject, body, prefix);
        var (clean, now) = (html.Clean(body, prefix + "body"), clock.GetUtcNow());
        var words = $"{title} {subject} {html.ToText(clean)}".ToLowerInvariant();
        if (categoryId is { } category && !await Sql.Of($"select exists (select 1 from personal.saved_response_category where account_id = {accountId} and id = {category})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw new InvalidInputException(prefix + "category_id", "not_found", "There is no such category.");
        }

        if (id is { } known)
        {
            return await Sql.Of($"""
                update personal.saved_response set title = {title.Trim()}, subject = {subject}, body = {clean}, words = {words}, category_id = {categoryId}, updated_at = {now}
                where account_id = {accountId} and id = {known} returning id
                """).FirstAsync<long?>(work, cancellationToken) ?? throw new NotFoundException();
        }

        if (await Sql.Of($"select count(*) from personal.saved_response where account_id = {accountId}").FirstAsync<long>(work, cancellationToken) >= MaxResponses)
        {
            throw new ConflictException("too_many_responses", $"An account has at most {MaxResponses} saved responses.");
        }

        return await Sql.Of($"""
            insert into personal.saved_response (account_id, category_id, title, subject, body, words, user_id, created_at, updated_at)
            values ({accountId}, {categoryId}, {title.Trim()}, {subject}, {clean}, {words}, {userId}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
    }

    private void Check(string title, string subject, string body, string prefix)
    {
        var errors = new List<FieldError>();
        Length("title", title.Trim(), MaxTitle);
        Length("subject", subject.Trim(), MaxSubject);
        Length("body", body.Trim(), MaxBody);
        if (errors.Count == 0 && merge.Problem(subject, MergePlace.Line) is { } inSubject)
        {
            errors.Add(new(prefix + "subject", "template_invalid", inSubject));
        }

        if (errors.Count == 0 && merge.Problem(body, MergePlace.Html) is { } inBody)
        {
            errors.Add(new(prefix + "body", "template_invalid", inBody));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        void Length(string name, string text, int most)
        {
            if (text.Length == 0)
            {
                errors.Add(new(prefix + name, "field_missing", "This field is required."));
            }
            else if (text.Length > most)
            {
                errors.Add(new(prefix + name, "too_long", $"This takes at most {most} characters."));
            }
        }
    }
}
