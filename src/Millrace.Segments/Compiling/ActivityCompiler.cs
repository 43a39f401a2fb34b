using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;
using Millrace.Segments.Naming;
using Millrace.Segments.Parsing;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>
/// Questions to the activity log. "Did it happen" is a semi-join, which plans well both for a batch (the log's key begins with the contact)
/// and for all contacts (one pass over the partitions asked for). Counts are one aggregate over the log, not one per contact; for a batch
/// it is narrowed to the batch. Reads <c>activities.activity</c>, whose columns are part of its module's contract.
/// </summary>
internal static class ActivityCompiler
{
    public static Sql Compile(ActivityNode node, SegmentContext context, bool negated)
    {
        var question = node.Question;
        var where = Sql.Join(" and ", Filters(node, context));
        return question.Times switch
        {
            null => Happened(where, negated != question.Never),
            { Op: TimesOp.AtLeast, Count: 0 } => negated ? ConditionSql.False : ConditionSql.True,
            { Op: TimesOp.AtLeast, Count: 1 } => Happened(where, negated),
            { Op: TimesOp.AtMost or TimesOp.Exactly, Count: 0 } => Happened(where, !negated),
            { Op: TimesOp.AtLeast } times => Counted(where, context, Sql.Of($"count(*) >= {(long)times.Count}"), negated),
            { Op: TimesOp.Exactly } times => Counted(where, context, Sql.Of($"count(*) = {(long)times.Count}"), negated),
            // At most n is "not more than n": those without any activity are not among the counted.
            { Op: TimesOp.AtMost } times => Counted(where, context, Sql.Of($"count(*) > {(long)times.Count}"), !negated),
            _ => throw new InvalidOperationException($"Unknown count {question.Times.Op}."),
        };
    }

    /// <summary>
    /// <c>contact_id</c> of those for whom the question is answered with yes, or with no where it is negated; a contact may come more than once, and contacts
    /// that are gone are among them, and nobody (0). Null where the answer is the same for everybody.
    /// </summary>
    public static (Sql Rows, bool Negated)? Rows(ActivityNode node, SegmentContext context)
    {
        var question = node.Question;
        return question.Times switch
        {
            null or { Op: TimesOp.AtLeast, Count: 1 } => (All(node, context), question.Never),
            { Op: TimesOp.AtMost or TimesOp.Exactly, Count: 0 } => (All(node, context), true),
            { Op: TimesOp.AtLeast, Count: > 1 } times => (Repeated(node, context, times.Count), false),
            { Op: TimesOp.AtMost } times => (Repeated(node, context, times.Count + 1), true),
            { Op: TimesOp.Exactly } times => (
                Sql.Of($"select e.contact_id from ({All(node, context)}) e group by e.contact_id having count(*) = {(long)times.Count}"), false),
            _ => null,
        };
    }

    /// <summary>
    /// <see cref="Rows"/> of those for whom it holds, without those that are gone: they are left out by their own list, which is far shorter than that of all
    /// contacts. Null where the answer is about those to whom nothing happened.
    /// </summary>
    public static Sql? Members(ActivityNode node, SegmentContext context) => Rows(node, context) is (var rows, false)
        ? Sql.Of($"""
            select w.contact_id from ({rows}) w
            where w.contact_id <> 0
              and not exists (select 1 from contacts.deleted_contact d where d.account_id = {context.AccountId} and d.contact_id = w.contact_id)
            """)
        : null;

    private static Sql All(ActivityNode node, SegmentContext context) =>
        Sql.Of($"select a.contact_id from activities.activity a where {Sql.Join(" and ", Filters(node, context))}");

    /// <summary>Those who stand behind themselves so many places on, in the order of contacts: one sort, where counting would keep everybody in mind.</summary>
    private static Sql Repeated(ActivityNode node, SegmentContext context, int times) => Sql.Of($"""
        select o.contact_id from (
            select a.contact_id, lag(a.contact_id, {times - 1}) over (order by a.contact_id) as earlier
            from activities.activity a where {Sql.Join(" and ", Filters(node, context))}) o
        where o.contact_id = o.earlier
        """);

    private static Sql Happened(Sql where, bool negated) =>
        TreeCompiler.Turned(Sql.Of($"exists (select 1 from activities.activity a where {where} and a.contact_id = c.id)"), negated);

    private static Sql Counted(Sql where, SegmentContext context, Sql having, bool negated)
    {
        var batch = context.ContactIds is { } ids ? Sql.Of($" and a.contact_id = any ({ids})") : Sql.Empty;
        return TreeCompiler.Turned(
            Sql.Of($"c.id in (select a.contact_id from activities.activity a where {where}{batch} group by a.contact_id having {having})"), negated);
    }

    private static IEnumerable<Sql> Filters(ActivityNode node, SegmentContext context)
    {
        var question = node.Question;
        yield return Sql.Of($"a.account_id = {context.AccountId} and a.kind = {question.Shape.Kind.Key}");
        if (question.Within is { } within)
        {
            yield return Sql.Of($"a.occurred_at > {context.Shift(within.Negated)} and a.occurred_at <= {context.Now}");
        }

        if (question.Between is var (from, to))
        {
            yield return ConditionSql.Instant(
                Sql.Of($"a.occurred_at"),
                new ConditionLeaf(node.Pointer, "between", 0, ConditionOp.Between, new() { Moments = [from, to] }, new Dictionary<string, string>(StringComparer.Ordinal)),
                context);
        }

        if (question.AutomationId is { } automation)
        {
            // What an automation does to a contact is about it; everything else is caused by one of its steps.
            yield return IsAboutAutomation(question.Shape) ? Sql.Of($"a.subject_id = {automation}") : Sql.Of($"a.automation_id = {automation}");
        }

        if (question.StepKey is { } step)
        {
            var owner = question.AutomationId ?? context.AutomationId ?? throw new InvalidInputException(
                node.Pointer.Down("step"), TreeErrors.Code, "A step can only be named inside its automation, or together with the automation.");
            yield return Sql.Of($"a.automation_id = {owner} and a.step_key = {step}");
        }

        if (question.Filters.All(f => !string.Equals(f.Member.Key, ActivityShape.MachineFlag, StringComparison.Ordinal)))
        {
            // Scanners and proxies that fetch for privacy (Apple's) are not the contact. Said of every kind, and as the index on what people do says it.
            yield return Sql.Of($"(a.data ->> 'machine') is null");
        }

        foreach (var filter in question.Filters)
        {
            yield return TreeCompiler.Turned(Compare(filter), filter.Negated);
        }
    }

    private static bool IsAboutAutomation(ActivityShape shape) =>
        string.Equals(shape.Kind.SubjectSource, TreeReferences.Automation, StringComparison.Ordinal) && shape.Kind.Subject is not null;

    /// <summary>How often and when last, for people.</summary>
    public static Sql Found(ActivityNode node, SegmentContext context) => Sql.Of($"""
        (select case count(*) when 0 then null when 1 then 'once, ' else count(*) || ' times, last ' end
                || to_char(max(a.occurred_at) at time zone {context.Zone.Id}, 'YYYY-MM-DD HH24:MI')
         from activities.activity a where {Sql.Join(" and ", Filters(node, context))} and a.contact_id = c.id)
        """);

    private static Sql Compare(ActivityFilter filter)
    {
        var member = Sql.Of($"(a.data ->> {filter.Member.Column})");
        return filter.Member.Kind switch
        {
            MemberKind.Reference when filter.Member.IsSubject => filter.Negated
                ? Sql.Of($"coalesce(a.subject_id = any ({filter.Value.Ids.ToArray()}), false)")
                : Sql.Of($"a.subject_id = any ({filter.Value.Ids.ToArray()})"),
            MemberKind.Reference => Sql.Of($"coalesce({member}::bigint = any ({filter.Value.Ids.ToArray()}), false)"),
            MemberKind.Number => Sql.Of($"coalesce({ConditionSql.Number(Sql.Of($"{member}::numeric"), filter.Op, filter.Value)}, false)"),
            MemberKind.Flag => Sql.Of($"coalesce({member}, 'false') = {filter.Value.Texts[0]}"),
            MemberKind.Text => ConditionSql.Text(Sql.Of($"lower(coalesce({member}, ''))"), filter.Op, filter.Value),
            _ => throw new InvalidOperationException($"Unknown member {filter.Member.Kind}."),
        };
    }
}
