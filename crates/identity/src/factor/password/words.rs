//! Words that people in Japan choose, beside the English lists that `zxcvbn` brings: guesses begin with them.

/// From the most to the least likely. Facts of daily life put together for this purpose: words of the hospital, the
/// product, seasons, places, names of families and given names that are common, food, animals, music, sport.
pub(super) const JAPANESE: &str = "\
akashi karte carte densikarute denshikarute karute byouin byoin byouinn hospital clinic kurinikku iin shinryou \
sinryou shinryoujo sinryoujo iryou iryo naika geka shika sika ganka hifuka seikei shounika syounika sanfujinka jibika \
kangoshi kangosi kango nurse nasu ishi isi doctor dokuta sensei senseii isya isha yakuzaishi yakkyoku pharmacy kusuri \
uketsuke uketuke jimu zimu kanja kanjya kanrisha kanrisya kanri admin administrator iryoujimu rezepto hoken kenkou \
kenkoukirei genki pasuwado pasuwa-do passwordo himitsu himitu angou ango kagi nyuuryoku hiraku hirakegoma \
sakura sakurasaku sakurasakura hana hanabi himawari ajisai momiji tsubaki tubaki fuji fujisan fujiyama yama umi sora \
kaze yuki hoshi hosi tsuki tuki taiyou taiyo hikari niji kumo mizu hi tsuchi haru natsu natu aki fuyu haruka \
nihon nippon japan tokyo toukyou toukyo osaka oosaka kyoto kyouto nagoya yokohama kobe koube sapporo sendai hiroshima \
hirosima fukuoka hakata okinawa hokkaido hokkaidou chiba tiba saitama nara kanazawa niigata nagano shizuoka sizuoka \
kumamoto kagoshima kagosima nagasaki matsuyama matuyama akasi himeji okayama \
sato satou suzuki takahashi takahasi tanaka watanabe ito itou yamamoto nakamura kobayashi kobayasi kato katou yoshida \
yosida yamada sasaki yamaguchi yamaguti matsumoto matumoto inoue kimura hayashi hayasi saito saitou shimizu simizu \
yamazaki mori abe ikeda hashimoto hasimoto ishikawa isikawa ogawa maeda okada goto gotou hasegawa murakami kondo kondou \
ishii isii fujita sakamoto endo endou aoki fujii nishimura nisimura fukuda ota oota miura okamoto matsuda matuda \
taro tarou hanako jiro jirou ichiro itirou ken kenji kenta daisuke takashi takasi hiroshi hirosi makoto yuki yuuki \
yui aoi hina rin mei misaki nanami ayaka mika yumi yuko yuuko keiko kazuko yoko youko akiko tomoko sachiko naomi emi \
shota syota shouta syouta ren haruto yuto yuuto sota souta riku kaito takumi naoki kazuya tatsuya tatuya masaru \
neko inu wanko nyanko usagi kuma panda pikachu pikachuu doraemon totoro kitty hellokitty anpanman pokemon naruto \
onepiece conan gundam gandamu kimetsu tanjiro nezuko goku dragonball sailormoon evangelion mario rirakkuma \
sushi susi tempura ramen raamen udon soba onigiri okonomiyaki takoyaki natto nattou miso ocha otya matcha mattya \
ichigo itigo ringo mikan momo budou suika meron banana tomato purin keki ke-ki aisu chokoreto tyokore-to \
yakyu yakyuu baseball giants kyojin tigers hanshin hansin carp hawks soccer sakka tenisu judo juudou kendo kendou sumo \
sumou arashi arasi smap akb48 nogizaka keyaki hinata exile perfume utada bigbang \
aishiteru aisiteru daisuki suki ai koi love arigatou arigatougozaimasu ohayou konnichiwa konnnitiha sayonara \
ganbare ganbarou tanoshii tanosii ureshii uresii shiawase siawase yume kibou kizuna heiwa inochi inoti kazoku \
okaasan otousan musume musuko baka ninja samurai shinobi geisha kabuki manga anime otaku kawaii tomodachi tomodati \
reiwa heisei showa syouwa shouwa taisho meiji kinyoubi nichiyoubi getsuyoubi ichigatsu shigatsu \
さくら 桜 さくらさく びょういん 病院 医院 いいん かんごし 看護師 看護 医師 せんせい 先生 患者 受付 管理者 電子カルテ カルテ \
パスワード ぱすわーど ひみつ 秘密 暗号 にほん 日本 東京 大阪 京都 ふじさん 富士山 はなこ 花子 たろう 太郎 山田太郎 山田花子 \
やまだ 山田 すずき 鈴木 さとう 佐藤 たなか 田中 たかはし 高橋 ありがとう おはよう こんにちは あいしてる 愛してる だいすき 大好き \
ねこ 猫 いぬ 犬 ドラえもん ピカチュウ ポケモン トトロ アンパンマン いろはにほへと ちりぬるを 寿限無 じゅげむ \
かぞく 家族 しあわせ 幸せ きぼう 希望 きずな 絆 へいわ 平和 ゆめ 夢 ひらけごま 開けゴマ";
