namespace Millrace.Host.Commands;

/// <summary>What the demo account says: its automations, mails, segments and notes.</summary>
internal static class DemoContent
{
    public static readonly string[] Automations =
    [
        """
        { "name": "Welcome", "description": "Greets new readers and looks after those who come back", "create": true, "entry": "once",
          "triggers": [ { "type": "list.subscribed", "list": "Newsletter" } ],
          "steps": [
            { "id": "hello", "type": "email.send", "subject": "Welcome, %FIRSTNAME|there%", "from": { "name": "Dana", "address": "dana@demo.example" },
              "html": "<h1>Good to have you, %FIRSTNAME|there%</h1><p>Four times a year we write about tools that last, and how to keep them sharp.</p><p><a href=\"https://demo.example/catalogue\">The new catalogue</a></p>" },
            { "id": "curious", "type": "wait.until", "conditions": { "all": [ { "activity": "email.clicked", "step": "hello" } ] }, "timeout": "P3D" },
            { "type": "flow.if", "conditions": { "all": [ { "activity": "email.clicked", "step": "hello" } ] },
              "yes": [ { "type": "tag.add", "tag": "engaged" }, { "id": "later", "type": "wait.for", "duration": "P14D" },
                       { "type": "email.send", "subject": "Spring offers for %FIRSTNAME|you%", "from": { "name": "Dana", "address": "dana@demo.example" },
                         "html": "<p>Ten percent on everything with a handle until Sunday.</p><p><a href=\"https://demo.example/offers\">See the offers</a></p>" } ],
              "no": [ { "type": "email.send", "subject": "Did you see our catalogue?", "from": { "name": "Dana", "address": "dana@demo.example" },
                        "html": "<p>It is only a click away.</p><p><a href=\"https://demo.example/catalogue\">Have a look</a></p>" } ] } ] }
        """,
        """
        { "name": "Looking after good customers", "description": "A word of thanks, in person for those nearby", "create": true, "entry": "once",
          "triggers": [ { "type": "tag.added", "tag": "vip" } ],
          "steps": [
            { "type": "flow.if", "conditions": { "all": [ { "field": "field:City", "op": "is", "value": "Berlin" } ] },
              "yes": [ { "type": "email.send", "subject": "Coffee in the workshop, %FIRSTNAME|dear customer%?", "from": { "name": "Dana", "address": "dana@demo.example" },
                         "html": "<p>You live around the corner. Come and see how your spade is made.</p><p><a href=\"https://demo.example/visit\">Choose a day</a></p>" },
                       { "type": "wait.for", "duration": "P7D" } ],
              "no": [ { "type": "wait.for", "duration": "P1D" },
                      { "type": "email.send", "subject": "Thank you, %FIRSTNAME|dear customer%", "from": { "name": "Dana", "address": "dana@demo.example" },
                        "html": "<p>A small parcel is on its way.</p>" } ] },
            { "type": "goal", "name": "Came back", "conditions": { "all": [ { "activity": "event.recorded", "event": "opened catalogue" } ] } } ] }
        """,
    ];

    public static readonly object[] Messages =
    [
        new
        {
            name = "Winter newsletter", subject = "What to do with a rusty spade", preheader = "Ten minutes, sandpaper and oil", from_name = "Dana", from_address = "dana@demo.example",
            html = "<h1>What to do with a rusty spade</h1><p>Ten minutes, sandpaper and a little oil.</p><p><a href=\"https://demo.example/care\">How to</a></p>",
        },
        new
        {
            name = "Your order is on its way", kind = "transactional", subject = "Your order is on its way", from_name = "Demo Garden Tools", from_address = "orders@demo.example",
            html = "<p>Hello %FIRSTNAME|there%, it has left our workshop today.</p>",
        },
    ];

    public static readonly string[] Notes =
    [
        "Met at the spring fair; wants the new catalogue.", "Asked whether handles can be ordered singly. Yes, from May.", "Prefers to be called in the afternoon.",
        "Teaches at the allotment school; may order for the whole class.", "Complained about a late parcel in March, was happy with the voucher.",
    ];

    public static IEnumerable<(string Name, string Conditions)> Segments(string news, string customers, string city, string vip, string engaged) =>
    [
        ("Engaged readers", $$"""{"all":[{"field":"tag","op":"has","value":{{engaged}}},{"field":"list:{{news}}","op":"is","value":"active"}]}"""),
        ("Good customers in Berlin", $$"""{"all":[{"field":"tag","op":"has","value":{{vip}}},{"field":"field:{{city}}","op":"is","value":"Berlin"}]}"""),
        ("Customers who do not read us", $$"""{"all":[{"field":"list:{{customers}}","op":"is","value":"active"},{"activity":"email.opened","never":true}]}"""),
    ];
}
