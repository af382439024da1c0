//! What people write on pages: it arrives as it was typed or chosen, and comes back under the name of who wrote it.

use super::{address, doctor, page, sends};
use crate::material::patient;
use http::Method;
use testkit::{Clinic, Reply};

const MULTIPART: &str = "multipart/form-data; boundary=B";

/// A form with a file, as browsers send it.
fn with_file(fields: &[(&str, &str)], file: &str, content: &str) -> String {
    let field = |(name, value): &(&str, &str)| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields = fields.iter().map(field).collect::<Vec<String>>().concat();
    let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{file}\"");
    format!("{fields}--B\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n--B--\r\n")
}

fn clinic() -> Clinic {
    let clinic = Clinic::start();
    clinic.client().put("Patient/p", patient(r#""id":"p","name":[{"text":"見本 次郎"}]"#)).expect(201);
    clinic
}

/// The path below `console` that a reply leads to.
fn led(reply: &Reply) -> String {
    assert_eq!(reply.status(), 303, "{}", reply.text());
    let to = reply.field("location").split('?').next().unwrap_or_default();
    to.strip_prefix("/f/sakura/console/").unwrap().to_owned()
}

#[test]
fn a_file_that_a_form_sends_stands_in_the_record_and_comes_back_byte_for_byte() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    let fields = [("about", "紹介状"), ("sort", "referral"), ("from", "A 病院")];
    let form = with_file(&fields, "letter.pdf", "%PDF-1.7\r\n\r\nend");
    let upload = |form: &str| {
        let ask = browser.call(Method::POST, &address("patients/p/write/document"));
        ask.body(MULTIPART, form).sent_by_own_page().send()
    };
    let record = led(&upload(&form));
    let file = page(&browser, &format!("{record}/file")).send().expect(200);
    assert_eq!(file.text(), "%PDF-1.7\r\n\r\nend");
    assert_eq!(file.field("content-type"), "application/pdf");
    assert!(file.field("content-disposition").starts_with("attachment"));
    let record = page(&browser, &record).send().expect(200);
    assert!(record.text().contains("letter.pdf") && !record.text().contains("JVBERi0"), "{}", record.text());
    let chart = page(&browser, "patients/p").send().expect(200);
    assert!(chart.text().contains("紹介状"), "{}", chart.text());
    // Cut off on its way: nothing is written.
    let broken = upload(form.get(..form.len() - 9).unwrap());
    assert_eq!(broken.status(), 400);
    assert!(broken.text().contains("CO-0005"), "{}", broken.text());
}

#[test]
fn a_draft_can_be_deleted_and_its_history_tells_by_whom() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    let record = led(&sends(&browser, "patients/p/write/note", &[("s", "頭痛")]).send());
    let shown = page(&browser, &record).send().expect(200);
    assert!(shown.text().contains("山田 花子（医師）"), "{}", shown.text());
    let done = sends(&browser, &format!("{record}/do/delete"), &[("version", "1"), ("patient", "p")]).send();
    let history = page(&browser, &led(&done)).send().expect(200);
    for part in ["山田 花子（医師）", "<code class=\"faint\">hana</code>", ">削除</span>", "見本 次郎"]
    {
        assert!(history.text().contains(part), "{part}: {}", history.text());
    }
    assert!(![200, 303].contains(&page(&browser, &record).send().status()));
}

#[test]
fn vital_signs_come_in_together_and_an_alert_stands_in_the_banner_at_once() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    let moment = ("moment", "2026-04-01T08:30");
    let fields = [moment, ("temperature", "36.80"), ("pressure", "128"), ("pressure-second", "76")];
    let table = led(&sends(&browser, "patients/p/write/vital", &fields).send());
    let table = page(&browser, &table).send().expect(200);
    for part in ["36.80", "128", "76", "下書き"] {
        assert!(table.text().contains(part), "{part}: {}", table.text());
    }
    led(&sends(&browser, "patients/p/write/alert", &[("category", "infection"), ("about", "MRSA")]).send());
    led(&sends(
        &browser,
        "patients/p/write/problem",
        &[
            ("name", "肺炎"),
            ("icd", "J18.9"),
            ("verified", "provisional"),
            ("clinical", "active"),
            ("onset", "R8.3"),
        ],
    )
    .send());
    let record = page(&browser, "patients/p").send().expect(200);
    for part in ["感染症：MRSA", "肺炎", "疑い"] {
        assert!(record.text().contains(part), "{part}: {}", record.text());
    }
}

#[test]
fn where_no_deadline_is_configured_the_worklist_calls_nothing_late_and_says_why() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    led(&sends(&browser, "patients/p/write/note", &[("s", "頭痛")]).send());
    let work = page(&browser, "work").send().expect(200);
    assert!(
        work.text().contains("期限の設定を取得できない") && work.text().contains("見本 次郎"),
        "{}",
        work.text()
    );
    let all = page(&browser, "work?of=all").send().expect(200);
    assert!(all.text().contains("未確定の下書き") && all.text().contains("見本 次郎"), "{}", all.text());
}
