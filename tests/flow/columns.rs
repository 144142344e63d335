//! `C` and `s` through the real loop: a column is typed and filled with what runs did, sorted, copied as a
//! table, and said to lead nowhere where it does.

use crate::play::demo;

#[tokio::test]
async fn a_column_of_a_payload_is_typed_and_stands_beside_its_run() {
    demo((120, 40), async |play| {
        play.open(&["nightly-billing", "▸ ✗"]).await;
        play.until("pay.refund").await;
        play.press("z a C").await;
        play.type_in("+refund:payload.amount ").await;
        play.press("enter").await;
        play.until("1290").await;
        play.go_to("1290").await;
        assert!(play.cursor().contains('✗'), "{}", play.screen());
        play.press("y t").await;
        play.until("1 run as a table").await;
        let copies = play.copies();
        let table = copies.last().unwrap();
        assert!(
            table.contains("\trefund\n") && table.contains("\t1290\n"),
            "{table}"
        );
        play.press("C").await;
        play.type_in("+fee:payload.nosuchthing").await;
        play.press("enter").await;
        play.until("payload.nosuchthing: nowhere in what is loaded")
            .await;
        play.press("s").await;
        play.until("longest first").await;
        play.until("1290").await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_column_is_told_at_its_place() {
    demo((80, 24), async |play| {
        play.press("C").await;
        play.type_in("+tokens +duratoin").await;
        play.until("duration? a column").await;
        play.press("tab esc").await;
        play.until_gone("columns +").await;
    })
    .await;
}
