using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.PersonalMail.Composing;

/// <summary>Names of 1:1 e-mails in streams: their subjects.</summary>
[ReferenceSource("personal_mail", Title = "1:1 e-mail")]
internal sealed class PersonalMailReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, subject, null::text from personal.mail
        where account_id = {accountId} and state <> 'draft' and ({text} is null or strpos(lower(subject), lower({text})) > 0) order by id desc limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, subject, null::text from personal.mail where account_id = {accountId} and id = any ({ids}) and state <> 'draft'")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken)
    {
        var wanted = Array.ConvertAll(names, n => n.ToLowerInvariant());
        return Sql.Of($"""
            select distinct on (lower(subject)) id, subject, null::text from personal.mail
            where account_id = {accountId} and state <> 'draft' and lower(subject) = any ({wanted}) order by lower(subject), id desc
            """).ListAsync<Reference>(work, cancellationToken);
    }
}
