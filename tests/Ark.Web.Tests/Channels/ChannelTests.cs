using System.Net;
using System.Text;
using System.Text.Json;
using Ark.Web.Channels;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Channels;

public abstract class ChannelTests(ChannelSite site)
{
    private const string Token = "t0ken-of-the-gateway";

    private const string Body = """{"to": [{% for r in recipients %}{{ r | json }}{% unless forloop.last %}, {% endunless %}{% endfor %}], "text": {{ alert.summary | json }}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_sent_by_SMS_with_what_the_template_says()
    {
        var made = await MakeAsync(Sms("Duty phone", settings => settings["headers"] = new[] { new { name = "Authorization", value = "Bearer {{ secret }}" } }));
        var test = await TestAsync(made);

        Assert.True(test.GetProperty("sent").GetBoolean(), test.ToString());
        Assert.Equal(200, test.GetProperty("status").GetInt32());
        var got = site.Http.Got.Last(g => g.Path == "/ok?c=sms");
        var json = JsonDocument.Parse(got.Body).RootElement;
        Assert.Equal(["+8613800000001", "+8613800000002"], json.GetProperty("to").EnumerateArray().Select(t => t.GetString()!));
        Assert.Contains("“Duty phone”", json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(("Bearer " + Token, "application/json; charset=utf-8"), (got.Headers["Authorization"], got.Headers["Content-Type"]));
        Assert.Contains("Bearer •••", test.GetProperty("answer").GetString(), StringComparison.Ordinal); // the sink repeats what it got
    }

    [Fact]
    public async Task A_webhook_is_signed_over_time_and_body()
    {
        const string key = "key-of-the-hook-77";
        var made = await MakeAsync(new { name = "Hook", kind = "webhook", settings = new { url = $"{site.Http.Url}/ok?c=hook" }, secret = key });
        Assert.True((await TestAsync(made)).GetProperty("sent").GetBoolean());

        var got = site.Http.Got.Last(g => g.Path == "/ok?c=hook");
        var signed = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{got.Headers["Ark-Timestamp"]}.{got.Body}"));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(signed), got.Headers["Ark-Signature"]);
        var alert = JsonDocument.Parse(got.Body).RootElement.GetProperty("alert");
        Assert.Equal(("ArkTest", "firing"), (alert.GetProperty("name").GetString(), alert.GetProperty("status").GetString()));

        var plain = await MakeAsync(new { name = "Unsigned", kind = "webhook", settings = new { url = $"{site.Http.Url}/ok?c=unsigned" } });
        await TestAsync(plain);
        Assert.DoesNotContain("Ark-Signature", site.Http.Got.Last(g => g.Path == "/ok?c=unsigned").Headers.Keys);
    }

    [Fact]
    public async Task Mail_goes_by_STARTTLS_with_user_and_password_and_the_servers_word_is_told()
    {
        var made = await MakeAsync(Mail("Mail", new { host = "localhost", port = site.Mail.Port, user = MailSink.User, from = "Ark <ark@shop.example>", recipients = new[] { "ops@shop.example", "值班 <duty@shop.example>" } }, MailSink.Password));
        var test = await TestAsync(made);
        Assert.True(test.GetProperty("sent").GetBoolean(), test.ToString());
        Assert.Contains("kept as 4711", test.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Contains(site.Mail.Messages, m => m.Contains("Subject: [firing] info: ArkTest", StringComparison.Ordinal) && m.Contains("duty@shop.example", StringComparison.Ordinal));

        var wrong = await TestAsync(await MakeAsync(Mail("Mail, wrong password", new { host = "localhost", port = site.Mail.Port, user = MailSink.User, from = "ark@shop.example", recipients = new[] { "ops@shop.example" } }, "another one")));
        Assert.Equal("wrong-sign-in-there", CodeOf(wrong));
        var nobody = await TestAsync(await MakeAsync(Mail("Mail, nobody there", new { host = "localhost", port = site.Mail.Port, security = "none", from = "ark@shop.example", recipients = new[] { "x@refused.example" } }, null)));
        Assert.Equal(("refused-there", 550), (CodeOf(nobody), nobody.GetProperty("status").GetInt32()));
        Assert.Contains("nobody of that name", nobody.GetProperty("answer").GetString(), StringComparison.Ordinal);
        var other = await TestAsync(await MakeAsync(Mail("Mail, other name", new { host = "127.0.0.1", port = site.Mail.Port, from = "ark@shop.example", recipients = new[] { "x@shop.example" } }, null)));
        Assert.Equal("untrusted-certificate", CodeOf(other)); // the certificate is localhost's
    }

    [Theory]
    [InlineData("busy", "refused-there", 503)]
    [InlineData("elsewhere", "redirected", 302)]
    [InlineData("never", "no-answer", null)]
    public async Task What_went_wrong_is_told(string path, string code, int? status)
    {
        var before = site.Http.Got.Count(g => g.Path == "/ok");
        var test = await TestAsync(await MakeAsync(new { name = $"To {path}", kind = "webhook", settings = new { url = $"{site.Http.Url}/{path}" } }));

        Assert.False(test.GetProperty("sent").GetBoolean());
        Assert.Equal((code, status), (CodeOf(test), test.GetProperty("status").ValueKind == JsonValueKind.Null ? null : test.GetProperty("status").GetInt32()));
        Assert.Equal(before, site.Http.Got.Count(g => g.Path == "/ok"));
    }

    [Fact]
    public async Task Of_a_long_answer_the_beginning_is_told()
    {
        var test = await TestAsync(await MakeAsync(new { name = "Chatterbox", kind = "webhook", settings = new { url = $"{site.Http.Url}/long" } }));

        Assert.Equal(new string('x', Delivery.LongestAnswer), test.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task A_secret_comes_back_nowhere()
    {
        using var log = new Eavesdropper();
        const string secret = "s3cret-that-nobody-sees";
        var made = await MakeAsync(Sms("Secretive", settings => settings["url"] = $"{site.Http.Url}/ok?key={{{{ secret | url_encode }}}}", secret));
        var answers = made.Body + (await TestAsync(made)) + (await site.As("engineer").GetAsync($"channels/{made.Id}")).Body + (await site.As("admin").GetAsync("channels")).Body;
        var changed = await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Secretive", settings => settings["url"] = $"{site.Http.Url}/busy?key={{{{ secret | url_encode }}}}", null, made.Version));
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body); // an empty secret keeps the one that is there
        Assert.True(changed.Json.GetProperty("hasSecret").GetBoolean());
        answers += changed.Body + await TestAsync(changed) + (await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Secretive", _ => { }, secret + "2", 0))).Body;

        Assert.Contains(site.Http.Got, g => g.Path == $"/ok?key={secret}");
        Assert.DoesNotContain(secret, answers, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await site.As("admin").GetAsync("audit/export")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, log.Text, StringComparison.Ordinal);
        await using var db = site.Open();
        var kept = await db.GetTable<Channel>().FirstAsync(c => c.Id == made.Id, Cancellation);
        Assert.DoesNotContain(secret, kept.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(await ChannelFile.WriteAsync(db, 1, Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_not_sent_to_another_destination_than_it_was_given_for()
    {
        var made = await MakeAsync(Sms("Moved", _ => { }));
        var moved = await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Moved", settings => settings["url"] = $"http://localhost:{site.Http.Port}/ok", null, made.Version));
        Assert.Equal((HttpStatusCode.BadRequest, "secret"), (moved.Status, Assert.Single(moved.Fields)));

        var anew = await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Moved", settings => settings["url"] = $"http://localhost:{site.Http.Port}/ok", Token, made.Version));
        Assert.Equal(HttpStatusCode.OK, anew.Status);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_at_its_field()
    {
        var sms = await site.As("engineer").PostAsync("channels", new
        {
            name = "", kind = "sms", customerId = 999,
            settings = new { url = "ftp://sms.example/", headers = new[] { new { name = "Authorization", value = "Bearer in-clear" }, new { name = "Host", value = "x" } }, body = """{"text": "{{ alert.summary }}"}""", recipients = new[] { "nobody" } },
        });
        Assert.Equal(["customerId", "name", "settings.body", "settings.headers", "settings.headers", "settings.recipients", "settings.url"], sms.Fields.Order());

        var mail = await site.As("engineer").PostAsync("channels", Mail("Bad mail", new { host = "mail server", port = 70000, security = "none", user = "u", from = "nobody", recipients = Array.Empty<string>() }, null));
        Assert.Equal(["secret", "settings.from", "settings.host", "settings.port", "settings.recipients", "settings.security"], mail.Fields.Order());
    }

    [Theory]
    [InlineData("""{"text": {{ alert.sumary | json }}}""", "undefined-variable")]
    [InlineData("""{"text": {{ alert.summary | json }""", "template-syntax")]
    [InlineData("""{"text": {{ alert.summary }}}""", "not-json")]
    [InlineData("""{"text": {{ site.domain | json }}}""", "undefined-variable")]
    public async Task A_template_that_gives_no_JSON_is_a_problem_at_its_field(string body, string code)
    {
        var reply = await site.As("engineer").PostAsync("channels", Sms("Bad template", settings => settings["body"] = body));

        Assert.Equal(["settings.body"], reply.Fields);
        Assert.Contains($"\"{code}\"", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:pass@sms.example/")]
    [InlineData("https://{{ alert.name }}/")]
    [InlineData("https://sms.example/send?access_token=0123456789")]
    [InlineData("https://sms.example/se nd")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    public async Task An_address_that_is_none_or_tells_a_secret_is_refused(string url)
    {
        var reply = await site.As("engineer").PostAsync("channels", Sms("Bad address", settings => settings["url"] = url));

        Assert.Equal(["settings.url"], reply.Fields);
    }

    [Fact]
    public async Task A_stale_save_is_refused_and_told_what_differs()
    {
        var made = await MakeAsync(Sms("Contested", _ => { }));
        var theirs = await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Contested", settings => settings["recipients"] = new[] { "110" }, null, made.Version));
        Assert.Equal(HttpStatusCode.OK, theirs.Status);
        var mine = await site.As("engineer").PutAsync($"channels/{made.Id}", Sms("Contested", settings => settings["recipients"] = new[] { "119" }, null, made.Version));

        Assert.Equal((HttpStatusCode.Conflict, "changed-meanwhile"), (mine.Status, mine.Code));
        Assert.Equal(["settings.recipients"], mine.Json.GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Who_sees_some_customers_neither_sees_nor_changes_the_channels_of_others()
    {
        var customers = await site.As("engineer").PostAsync("channels", new { name = "Shop's own", kind = "webhook", customerId = 1, settings = new { url = $"{site.Http.Url}/ok" } });
        var everybodys = await MakeAsync(new { name = "Everybody's", kind = "webhook", settings = new { url = $"{site.Http.Url}/ok" } });
        var outsider = site.As("outsider");
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.GetAsync($"channels/{customers.Id}")).Status);
        Assert.DoesNotContain("Shop's own", (await outsider.GetAsync("channels")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await outsider.GetAsync($"channels/{everybodys.Id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PostAsync($"channels/{everybodys.Id}/test", new { })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.SendAsync("DELETE", $"channels/{everybodys.Id}")).Status);
        Assert.Equal(["customerId"], (await outsider.PostAsync("channels", new { name = "Grab", kind = "webhook", settings = new { url = $"{site.Http.Url}/ok" } })).Fields);
        Assert.Equal(["customerId"], (await outsider.PostAsync("channels", new { name = "Grab", kind = "webhook", customerId = 1, settings = new { url = $"{site.Http.Url}/ok" } })).Fields);
    }

    [Fact]
    public async Task A_tasks_package_carries_the_channels_of_its_customer_and_says_whose_secret_to_enter()
    {
        var other = (await site.As("engineer").PostAsync("customers", new { name = "Another" })).Id;
        await MakeAsync(new { name = "P own", kind = "webhook", customerId = 1, settings = new { url = "https://hook.example/a" }, secret = "packed-not-at-all" });
        await MakeAsync(new { name = "P other", kind = "webhook", customerId = other, settings = new { url = "https://hook.example/b" } });
        await MakeAsync(new { name = "P off", kind = "webhook", enabled = false, settings = new { url = "https://hook.example/c" } });
        var gone = await MakeAsync(new { name = "P gone", kind = "webhook", settings = new { url = "https://hook.example/d" } });
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").SendAsync("DELETE", $"channels/{gone.Id}")).Status);

        await using var db = site.Open();
        var file = ChannelFile.Read(await ChannelFile.WriteAsync(db, 1, Cancellation));
        Assert.Equal((1, "P own", "https://hook.example/a"), (file.Schema, file.Channels.Single(c => c.Name.StartsWith("P ", StringComparison.Ordinal)).Name, file.Channels.Single(c => c.Name == "P own").Settings.Url));
        Assert.Contains("P own", file.SecretsToEnter);
    }

    private object Sms(string name, Action<Dictionary<string, object>> change, string? secret = Token, int version = 0)
    {
        var settings = new Dictionary<string, object>
        {
            ["url"] = $"{site.Http.Url}/ok?c=sms", ["body"] = Body, ["recipients"] = new[] { "+8613800000001", "+8613800000002" },
            ["headers"] = new[] { new { name = "X-Token", value = "{{ secret }}" } },
        };
        change(settings);
        return new { name, kind = "sms", settings, secret, version };
    }

    private static object Mail(string name, object settings, string? secret) => new { name, kind = "mail", settings, secret };

    private async Task<Reply> MakeAsync(object request)
    {
        var reply = await site.As("engineer").PostAsync("channels", request);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply;
    }

    private async Task<JsonElement> TestAsync(Reply channel)
    {
        var reply = await site.As("engineer").PostAsync($"channels/{channel.Id}/test", new { });
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply.Json;
    }

    private static string? CodeOf(JsonElement test) => test.GetProperty("problem").GetProperty("code").GetString();

    /// <summary>Hears what the host logs.</summary>
    private sealed class Eavesdropper : TextWriter
    {
        private readonly TextWriter _before = System.Console.Error;
        private readonly StringBuilder _heard = new();
        private readonly Lock _lock = new();

        public Eavesdropper() => System.Console.SetError(this);

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_lock)
                    return _heard.ToString();
            }
        }

        public override void Write(char value)
        {
            lock (_lock)
                _heard.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            System.Console.SetError(_before);
            base.Dispose(disposing);
        }
    }
}

public sealed class ChannelsOnSqlite(SqliteChannelSite site) : ChannelTests(site), IClassFixture<SqliteChannelSite>;

public sealed class ChannelsOnMariaDb(MariaDbChannelSite site) : ChannelTests(site), IClassFixture<MariaDbChannelSite>;
