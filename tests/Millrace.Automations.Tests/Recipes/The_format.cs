namespace Millrace.Automations.Tests.Recipes;

/// <summary>Every type that the reference of the document format names, whether this server knows it yet or not.</summary>
internal static class The_format
{
    public static readonly HashSet<string> Triggers = Words("""
        list.subscribed list.unsubscribed form.submitted email.opened email.clicked email.shared email.forwarded email.replied email.bounced tag.added tag.removed page.visited
        purchase.made cart.abandoned order.created order.updated field.changed goal.reached goal.skipped rss.updated date.reached score.changed site_message.dismissed event.recorded
        conversion.recorded payment.created payment.updated object.created object.updated account.field_changed deal.entered_pipeline deal.stage_changed deal.status_changed
        deal.value_changed deal.owner_changed deal.field_changed task.completed file.downloaded sentiment.changed sms.replied whatsapp.received app.received
        """);

    public static readonly HashSet<string> Steps = Words("""
        email.send email.send_personal email.send_transactional sms.send whatsapp.send site_message.show user.notify
        wait.for wait.until wait.until_time wait.until_date flow.if flow.split flow.goto goal flow.start_automation flow.end_automation flow.end webhook.post math.compute ai.run conversion.record
        list.subscribe list.unsubscribe tag.add tag.remove field.set note.add score.adjust contact.delete owner.assign audience.add audience.remove
        deal.add deal.update task.add task.complete deal.add_note deal.score_adjust account.add account.field_set deal.add_contact
        """);

    /// <summary>Activities of modules to come are named like the triggers; those that are none of them stand here.</summary>
    public static readonly HashSet<string> FurtherActivities = Words("cart.recovered cart.updated sms.clicked");

    private static HashSet<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
