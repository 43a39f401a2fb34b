using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Import;

/// <summary>Activities made inside the database: the same members as the records <see cref="TagAdded"/> and <see cref="ListSubscribed"/>.</summary>
internal static class ImportActivities
{
    /// <param name="pairs">Yields <c>contact_id, subject_id</c>.</param>
    public static Sql TagsAdded(Sql pairs) => Sql.Of($"""
        select p.contact_id, p.subject_id, jsonb_build_object('contact_id', p.contact_id, 'tag_id', p.subject_id) from ({pairs}) p
        """);

    /// <inheritdoc cref="TagsAdded"/>
    public static Sql Subscribed(Sql pairs) => Sql.Of($"""
        select p.contact_id, p.subject_id, jsonb_build_object('contact_id', p.contact_id, 'list_id', p.subject_id, 'source', {ContactSource.Import})
        from ({pairs}) p
        """);
}
