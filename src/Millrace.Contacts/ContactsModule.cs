using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Import;
using Millrace.Contacts.Lists;
using Millrace.Contacts.People;
using Millrace.Contacts.Sightings;
using Millrace.Contacts.Sightings.Geography;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Workers;

namespace Millrace.Contacts;

/// <summary>People: identity, fields, tags, lists, notes. Owns the schema <c>contacts</c>.</summary>
public sealed class ContactsModule : IModule
{
    public static string Name => "contacts";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<GeographyOptions>().BindConfiguration(GeographyOptions.Section);
        builder.Services
            .AddSingleton<SaveContact>().AddSingleton<IContactNames, ContactNames>().AddSingleton<DeleteContacts>()
            .AddSingleton<FieldValueWriter>().AddSingleton<StandardFieldWriter>()
            .AddSingleton<Tagging>().AddSingleton<Notes.WriteNote>().AddSingleton<IFields, Fields.NamedFields>().AddSingleton<INotes>(s => s.GetRequiredService<Notes.WriteNote>()).AddSingleton<Paging.Cursors>().AddSingleton<ContactHashes>()
            .AddSingleton<Subscriptions>().AddSingleton<ISubscriptions>(s => s.GetRequiredService<Subscriptions>())
            .AddSingleton<IReaction, CountContacts>().AddWorker<FoldContactChanges>(idleDelay: TimeSpan.FromSeconds(2)).AddSingleton<IReaction, TellOfContacts>()
            .AddSingleton<IErasesPeople, Erasing.EraseWhatContactsLeft>().AddWorker<Erasing.EraseContacts>(idleDelay: TimeSpan.FromSeconds(2))
            .AddImportAndExport()
            .AddSingleton<PlaceFinder>().AddSingleton<IGeography>(s => s.GetRequiredService<PlaceFinder>())
            .AddSingleton<ISightings, RequestSightings>().AddSingleton<ITakesAsides, KeepSightings>().AddHostedService<OpenPlaceFiles>()
            .AddSingleton(new ConstraintError("contact_email_unique", "contact_exists", "A contact with this e-mail address exists."))
            .AddSingleton(new ConstraintError("bulk_job_undo_unique", "not_undoable", "This is being taken back already."))
            .AddSingleton(new ConstraintError("tag_name_unique", "tag_exists", "A tag of this name exists."))
            .AddSingleton(new ConstraintError("list_name_unique", "list_exists", "A list of this name exists."))
            .AddSingleton(new ConstraintError("list_string_id_unique", "list_exists", "A list with this machine name exists."))
            .AddSingleton(new ConstraintError("field_name_unique", "field_exists", "A field of this name exists."))
            .AddSingleton(new ConstraintError("field_key_unique", "field_exists", "A field with this personalization tag exists."))
            .AddSingleton(new ConstraintError("field_option_value_unique", "option_exists", "The field has this option already."));
    }
}
